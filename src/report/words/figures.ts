import { formatNumber, groupDigits, NO_FIGURE, type Notation } from "../../domain/judgement/wording.ts";

export { formatNumber, NO_FIGURE, type Notation, PAGE_NOTATION, TEXT_NOTATION } from "../../domain/judgement/wording.ts";

/** UnitScale converts a stored unit into a display unit: displayed value = stored value × `factor`. */
export interface UnitScale {
  readonly factor: number;
  readonly unit: string;
}

const BYTE_PREFIXES = [
  { from: 1e9, unit: "GB" },
  { from: 1e6, unit: "MB" },
  { from: 1e3, unit: "kB" },
] as const;

/** formatCount returns a count with all its digits. */
export function formatCount(value: number | null, notation: Notation): string {
  if (value === null || !Number.isFinite(value)) return NO_FIGURE;
  return (value < 0 ? notation.minus : "") + groupDigits(Math.abs(Math.round(value)).toFixed(0), notation);
}

/** formatSetting returns a configured number with the digits that it was configured with. */
export function formatSetting(value: number, notation: Notation): string {
  const sign = value < 0 ? notation.minus : "";
  return sign + groupDigits(String(Number(Math.abs(value).toPrecision(12))), notation);
}

/** formatSigned returns three significant digits with a plus or minus sign; zero has no sign. */
export function formatSigned(value: number | null, notation: Notation): string {
  return (value !== null && value > 0 && Number.isFinite(value) ? "+" : "") + formatNumber(value, notation);
}

/** formatSignedPercent returns a share (0.02) in per cent (+2.00) without "%": three digits, at most two decimals. */
export function formatSignedPercent(share: number | null, notation: Notation): string {
  if (share === null || !Number.isFinite(share)) return NO_FIGURE;
  const size = Math.abs(share * 100);
  const decimals = size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
  const digits = size.toFixed(decimals);
  if (Number(digits) === 0) return "0";
  return (share < 0 ? notation.minus : "+") + groupDigits(digits, notation);
}

/** formatPercent returns a configured share (0.02) in per cent with "%" (2 %). */
export function formatPercent(share: number, notation: Notation): string {
  return `${formatSetting(Number((share * 100).toPrecision(3)), notation)}${notation.gap}%`;
}

/** formatProbability returns a p-value with two significant digits. Values below 0.0001 are shown as "<0.0001", never as 0. */
export function formatProbability(value: number | null, notation: Notation): string {
  if (value === null || !Number.isFinite(value)) return NO_FIGURE;
  if (value < 0.0001) return "<0.0001";
  return formatSetting(Number(value.toPrecision(2)), notation);
}

/** formatDuration returns milliseconds in hours and minutes, in minutes and seconds, or in seconds. */
export function formatDuration(milliseconds: number, notation: Notation): string {
  const seconds = Math.round(milliseconds / 1000);
  const minutes = Math.floor(seconds / 60);
  const { gap } = notation;
  if (seconds < 60) return `${seconds}${gap}s`;
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes}${gap}min` : `${minutes}${gap}min ${seconds % 60}${gap}s`;
  return minutes % 60 === 0 ? `${minutes / 60}${gap}h` : `${Math.floor(minutes / 60)}${gap}h ${minutes % 60}${gap}min`;
}

/** formatClock returns milliseconds since the start of the load as minutes and seconds (3:05). */
export function formatClock(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** formatPlural returns a count with its noun: `1 order`, `1,284 orders`, `2 batches`. */
export function formatPlural(count: number, unit: string, notation: Notation): string {
  const ending = count === 1 ? "" : /(?:s|x|ch|sh)$/.test(unit) ? "es" : "s";
  return `${formatCount(count, notation)} ${unit}${ending}`;
}

/** scaleOf chooses the display unit by the largest of the values, so that both arms are shown in one unit. */
export function scaleOf(unit: string, values: readonly (number | null)[]): UnitScale {
  const largest = Math.max(0, ...values.map((value) => Math.abs(value ?? 0)).filter(Number.isFinite));
  if (unit === "ratio") return { factor: 100, unit: "%" };
  if (unit === "ms" && largest >= 10_000) return { factor: 1e-3, unit: "s" };
  const prefix = /^bytes\b/.test(unit) ? BYTE_PREFIXES.find(({ from }) => largest >= from) : undefined;
  return prefix === undefined ? { factor: 1, unit } : { factor: 1 / prefix.from, unit: unit.replace("bytes", prefix.unit) };
}

/** scaled converts a stored value into the display unit of `scale`. */
export function scaled(value: number | null, scale: UnitScale): number | null {
  return value === null ? null : value * scale.factor;
}

/** formatSignedQuantity returns a difference with its sign and unit: `+4.20 errors`. */
export function formatSignedQuantity(value: number | null, unit: string, notation: Notation): string {
  if (value === null) return NO_FIGURE;
  const scale = scaleOf(unit, [value]);
  return `${formatSigned(scaled(value, scale), notation)}${notation.gap}${pointsOf(scale)}`;
}

/** formatSize returns the size of a difference with its unit and without a plus sign: `4.20 points`. */
export function formatSize(value: number, unit: string, notation: Notation): string {
  const scale = scaleOf(unit, [value]);
  return `${formatNumber(scaled(value, scale), notation)}${notation.gap}${pointsOf(scale)}`;
}

/** formatSettingQuantity returns a configured value with its unit, with the digits of the configuration: `5 ms`. */
export function formatSettingQuantity(value: number, unit: string, notation: Notation): string {
  const scale = scaleOf(unit, [value]);
  return `${formatSetting(value * scale.factor, notation)}${notation.gap}${pointsOf(scale)}`;
}

/** formatPair returns the values of both arms in one unit: `231 → 498 ms`. */
export function formatPair(baseline: number | null, candidate: number | null, unit: string, notation: Notation): string {
  const scale = scaleOf(unit, [baseline, candidate]);
  const left = formatNumber(scaled(baseline, scale), notation);
  return `${left} → ${formatNumber(scaled(candidate, scale), notation)}${notation.gap}${scale.unit}`;
}

/** pointsOf returns the unit of a difference. Differences of percentages are in percentage points: 2 % to 3 % is 1 point. */
function pointsOf(scale: UnitScale): string {
  return scale.unit === "%" ? "points" : scale.unit;
}
