import type { IndicatorChange } from "../domain/judgement/evaluation.ts";
import { formatNumber, formatPercent, formatSigned, formatSignedPercent, NO_FIGURE, type Notation } from "./figures.ts";
import { judgementOf } from "./judgement.ts";
import { formatPair, formatSettingQuantity, formatSignedQuantity, formatSize, scaled, scaleOf } from "./quantity.ts";

/** From this ratio on, "times" is read more easily than per cent. */
const TIMES_FROM = 10;

/** formatEffect gives the estimate of a change: `+97.0 %`, `×12.4`, `+3.00 errors`. */
export function formatEffect(change: IndicatorChange, notation: Notation): string {
  const { effect, effectKind, unit } = change;
  if (effect === null) return NO_FIGURE;
  if (effectKind === "difference") return formatSignedQuantity(effect, unit, notation);
  if (effect >= TIMES_FROM) return `×${formatNumber(effect, notation)}`;
  return `${formatSignedPercent(effect - 1, notation)}${notation.gap}%`;
}

/** formatInterval gives the bounds in the unit of the effect: `[+96.1, +97.9]`. An end without a bound is open. */
export function formatInterval(change: IndicatorChange, notation: Notation): string {
  const { lower, upper, effect, effectKind, unit } = change;
  if (lower === null && upper === null) return "no interval";
  const scale = scaleOf(unit, [effect]);
  const bound = (value: number | null): string => {
    if (value === null) return "open";
    if (effectKind === "difference") return formatSigned(scaled(value, scale), notation);
    if (effect !== null && effect >= TIMES_FROM) return `×${formatNumber(value, notation)}`;
    return formatSignedPercent(value - 1, notation);
  };
  return `[${bound(lower)}, ${bound(upper)}]`;
}

/** formatMargin gives the margin as it was configured: `2 %`, `15 %, at least 5 ms`. */
export function formatMargin(change: IndicatorChange, notation: Notation): string {
  const { relative, absolute } = change.margin;
  const floor = formatSettingQuantity(absolute, change.unit, notation);
  if (relative === 0) return absolute === 0 ? "none" : floor;
  if (absolute === 0) return formatPercent(relative, notation);
  return `${formatPercent(relative, notation)}, at least ${floor}`;
}

/** formatMinimumEffect gives the smallest harm that this much evidence would have found four times in five. */
export function formatMinimumEffect(change: IndicatorChange, notation: Notation): string {
  const { minimumDetectableEffect: smallest, effectKind, unit } = change;
  if (smallest === null) return NO_FIGURE;
  return effectKind === "ratio" ? formatPercent(smallest, notation) : formatSize(smallest, unit, notation);
}

/** describeChange gives the finding in one line: the two values, the change, its interval, the margin, and what would decide. */
export function describeChange(change: IndicatorChange, notation: Notation): string {
  if (change.effect === null) return describeDoubt(change, notation);
  const parts = [
    formatPair(change.baseline, change.candidate, change.unit, notation),
    `${formatEffect(change, notation)} ${formatInterval(change, notation)}`,
    `margin ${formatMargin(change, notation)}`,
  ];
  return change.change === "inconclusive" ? `${parts.join(", ")}; ${describeDoubt(change, notation)}` : parts.join(", ");
}

/** describeDoubt says why an inconclusive indicator cannot be told, and what would tell. */
export function describeDoubt(change: IndicatorChange, notation: Notation): string {
  const { moreMinutes, warnings } = change;
  if (judgementOf(change) === "not-worse") return "not worse than the margin; how much better it is stays open";
  if (moreMinutes !== null) {
    const minutes = Math.max(1, Math.ceil(moreMinutes));
    return `cannot tell: about ${minutes} more ${minutes === 1 ? "minute" : "minutes"} of load would decide`;
  }
  if (change.effect === null) return `cannot tell: ${warnings[0] ?? "nothing was measured"}`;
  const smallest = formatMinimumEffect(change, notation);
  if (smallest === NO_FIGURE) return `cannot tell${warnings[0] === undefined ? "" : `: ${warnings[0]}`}`;
  return `cannot tell: this much load finds changes from ${smallest} on`;
}
