import { groupDigits, NO_FIGURE, type Notation, formatNumber } from "../../domain/judgement/wording.ts";

export { formatNumber, NO_FIGURE, type Notation, PAGE_NOTATION, TEXT_NOTATION } from "../../domain/judgement/wording.ts";

/** formatCount gives every digit: counts are exact and stay so. */
export function formatCount(value: number | null, notation: Notation): string {
  if (value === null || !Number.isFinite(value)) return NO_FIGURE;
  return (value < 0 ? notation.minus : "") + groupDigits(Math.abs(Math.round(value)).toFixed(0), notation);
}

/** formatSetting gives a configured number as it was written, without invented digits. */
export function formatSetting(value: number, notation: Notation): string {
  const sign = value < 0 ? notation.minus : "";
  return sign + groupDigits(String(Number(Math.abs(value).toPrecision(12))), notation);
}

/** formatSigned gives three significant digits with the sign always there, apart from zero. */
export function formatSigned(value: number | null, notation: Notation): string {
  return (value !== null && value > 0 && Number.isFinite(value) ? "+" : "") + formatNumber(value, notation);
}

/** formatSignedPercent gives a share (0.02) as per cent (+2.00) without the sign %: three digits, at most two decimals. */
export function formatSignedPercent(share: number | null, notation: Notation): string {
  if (share === null || !Number.isFinite(share)) return NO_FIGURE;
  const size = Math.abs(share * 100);
  const decimals = size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
  const digits = size.toFixed(decimals);
  if (Number(digits) === 0) return "0";
  return (share < 0 ? notation.minus : "+") + groupDigits(digits, notation);
}

/** formatPercent gives a configured share (0.02) as per cent with its sign (2 %). */
export function formatPercent(share: number, notation: Notation): string {
  return `${formatSetting(Number((share * 100).toPrecision(3)), notation)}${notation.gap}%`;
}

/** formatProbability gives p-values: two digits say all there is, and nothing is ever exactly impossible. */
export function formatProbability(value: number | null, notation: Notation): string {
  if (value === null || !Number.isFinite(value)) return NO_FIGURE;
  if (value < 0.0001) return "<0.0001";
  return formatSetting(Number(value.toPrecision(2)), notation);
}

/** formatDuration gives milliseconds in the two largest units that a person would say. */
export function formatDuration(milliseconds: number, notation: Notation): string {
  const seconds = Math.round(milliseconds / 1000);
  const minutes = Math.floor(seconds / 60);
  const { gap } = notation;
  if (seconds < 60) return `${seconds}${gap}s`;
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes}${gap}min` : `${minutes}${gap}min ${seconds % 60}${gap}s`;
  return minutes % 60 === 0 ? `${minutes / 60}${gap}h` : `${Math.floor(minutes / 60)}${gap}h ${minutes % 60}${gap}min`;
}

/** formatClock gives milliseconds since the start of the load as minutes and seconds (3:05). */
export function formatClock(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** formatPlural counts business units: `1 order`, `1,284 orders`, `2 batches`. */
export function formatPlural(count: number, unit: string, notation: Notation): string {
  const ending = count === 1 ? "" : /(?:s|x|ch|sh)$/.test(unit) ? "es" : "s";
  return `${formatCount(count, notation)} ${unit}${ending}`;
}

/** UnitScale turns a stored unit into the one that is read most easily at this size. */
export interface UnitScale {
  readonly factor: number;
  readonly unit: string;
}

const BYTE_PREFIXES = [
  { from: 1e9, unit: "GB" },
  { from: 1e6, unit: "MB" },
  { from: 1e3, unit: "kB" },
] as const;

/** scaleOf chooses the unit by the largest value that is shown with it, so that two arms always share one unit. */
export function scaleOf(unit: string, values: readonly (number | null)[]): UnitScale {
  const largest = Math.max(0, ...values.map((value) => Math.abs(value ?? 0)).filter(Number.isFinite));
  if (unit === "ratio") return { factor: 100, unit: "%" };
  if (unit === "ms" && largest >= 10_000) return { factor: 1e-3, unit: "s" };
  const prefix = /^bytes\b/.test(unit) ? BYTE_PREFIXES.find(({ from }) => largest >= from) : undefined;
  return prefix === undefined ? { factor: 1, unit } : { factor: 1 / prefix.from, unit: unit.replace("bytes", prefix.unit) };
}

export function scaled(value: number | null, scale: UnitScale): number | null {
  return value === null ? null : value * scale.factor;
}

/** formatSignedQuantity gives a difference with its unit: `+4.20 errors`. */
export function formatSignedQuantity(value: number | null, unit: string, notation: Notation): string {
  if (value === null) return NO_FIGURE;
  const scale = scaleOf(unit, [value]);
  return `${formatSigned(scaled(value, scale), notation)}${notation.gap}${pointsOf(scale)}`;
}

/** formatSize gives the size of a difference with its unit, without a sign: `4.20 points`. */
export function formatSize(value: number, unit: string, notation: Notation): string {
  const scale = scaleOf(unit, [value]);
  return `${formatNumber(scaled(value, scale), notation)}${notation.gap}${pointsOf(scale)}`;
}

/** formatSettingQuantity gives a configured value with its unit, without invented digits: `5 ms`. */
export function formatSettingQuantity(value: number, unit: string, notation: Notation): string {
  const scale = scaleOf(unit, [value]);
  return `${formatSetting(value * scale.factor, notation)}${notation.gap}${pointsOf(scale)}`;
}

/** formatPair gives both arms in one unit: `231 → 498 ms`. */
export function formatPair(baseline: number | null, candidate: number | null, unit: string, notation: Notation): string {
  const scale = scaleOf(unit, [baseline, candidate]);
  const left = formatNumber(scaled(baseline, scale), notation);
  return `${left} → ${formatNumber(scaled(candidate, scale), notation)}${notation.gap}${scale.unit}`;
}

/** pointsOf names a difference of shares "points": 2 % to 3 % is one point, and half as much again. */
function pointsOf(scale: UnitScale): string {
  return scale.unit === "%" ? "points" : scale.unit;
}
