import { NO_FIGURE, formatNumber, formatSetting, formatSigned, type Notation } from "./figures.ts";

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
