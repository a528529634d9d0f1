import type { IndicatorChange, JudgedChange } from "./evaluation.ts";

/** Notation is how figures are written: a page and a verdict have thin spaces and a true minus sign, a terminal has neither. */
export interface Notation {
  readonly thousands: string;
  readonly minus: string;
  /** Stands between a figure and its unit. */
  readonly gap: string;
  /**
   * `three`: exactly three significant digits, as columns of figures need them. `shortest`: at least three significant digits, all
   * digits of whole numbers, at most six decimals, no zeros at the end, as sentences need them.
   */
  readonly digits: "three" | "shortest";
}

/** U+202F is the narrow space that never breaks a line, U+2212 the minus sign as wide as a plus. */
export const PAGE_NOTATION: Notation = { thousands: "\u202f", minus: "\u2212", gap: "\u202f", digits: "three" };

export const TEXT_NOTATION: Notation = { thousands: ",", minus: "-", gap: " ", digits: "three" };

/** VERDICT_NOTATION is that of the sentences in a verdict. */
const VERDICT_NOTATION: Notation = { thousands: "\u202f", minus: "\u2212", gap: " ", digits: "shortest" };

/** NO_FIGURE stands in the place of a figure that could not be estimated. */
export const NO_FIGURE = "n/a";

/** formatNumber writes a measured number with the digits that the notation asks for. */
export function formatNumber(value: number | null, notation: Notation = VERDICT_NOTATION): string {
  if (value === null || !Number.isFinite(value)) return NO_FIGURE;
  const digits = notation.digits === "three" ? threeDigits(Math.abs(value), notation) : shortestDigits(Math.abs(value));
  return (value < 0 && digits !== "0" ? notation.minus : "") + groupDigits(digits, notation);
}

function threeDigits(value: number, { minus }: Notation): string {
  const size = Number(value.toPrecision(3));
  if (size === 0) return "0";
  if (size < 1e-4) return size.toExponential(2).replace("-", minus);
  return size.toFixed(Math.max(0, 2 - Math.floor(Math.log10(size))));
}

function shortestDigits(value: number): string {
  if (value === 0) return "0";
  const digits = value.toFixed(Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(value)))));
  return digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
}

/** groupDigits separates the thousands of a number in decimal notation. */
export function groupDigits(digits: string, { thousands }: Notation): string {
  const [whole = "", fraction] = digits.split(".");
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, thousands);
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** describeChange words a change as one finding, as reasons of a verdict have it: label, both values, effect, interval, margin. */
export function describeChange(change: IndicatorChange): string {
  if (change.effect === null) return `${change.label}: cannot tell (${change.warnings[0] ?? "no data"})`;
  const { label, unit, baseline, candidate, effect, lower, upper } = change;
  const value = (number: number) => (unit === "ratio" ? `${formatNumber(100 * number)} %` : formatNumber(number));
  const shownUnit = unit === "ratio" || unit === "statements" ? "" : ` ${unit}`;
  const interval = `${describeEffect(lower, change)} to ${describeEffect(upper, change)}`;
  const margin = describeEffect(change.better === "lower" ? change.marginUpper : change.marginLower, change).replace(/^[+−]/, "");
  return (
    `${label} ${value(baseline)} → ${value(candidate)}${shownUnit} ` +
    `(${describeEffect(effect, change)}, interval ${interval}, margin ${margin})`
  );
}

/** describeEffect words an effect or a limit of it: `+97 %` for ratios, `+5 points` for shares, `+3.2 ms` otherwise. */
function describeEffect(value: number | null, { effectKind, unit }: JudgedChange): string {
  if (value === null) return NO_FIGURE;
  const signed = (amount: number) => `${amount < 0 ? "" : "+"}${formatNumber(amount)}`;
  if (effectKind === "ratio") return `${signed(100 * (value - 1))} %`;
  return unit === "ratio" ? `${signed(100 * value)} points` : `${signed(value)} ${unit}`;
}
