import type { Change, IndicatorChange } from "../../domain/judgement/evaluation.ts";
import {
  formatNumber,
  formatPair,
  formatPercent,
  formatSettingQuantity,
  formatSigned,
  formatSignedPercent,
  formatSignedQuantity,
  formatSize,
  NO_FIGURE,
  type Notation,
  scaled,
  scaleOf,
} from "./figures.ts";

/**
 * Judgement is a change as it is told to people. `not-worse` is the inconclusive change whose interval ends before the harmful
 * margin: how much better it may be is open, but it stands in no release's way.
 */
export type Judgement = Change | "not-worse";

/** JUDGEMENTS are in the order in which they are counted and explained, the worst first. */
export const JUDGEMENTS: readonly Judgement[] = ["regressed", "inconclusive", "not-worse", "equivalent", "improved"];

export const JUDGEMENT_WORD: Readonly<Record<Judgement, string>> = {
  regressed: "regressed",
  inconclusive: "inconclusive",
  "not-worse": "not worse",
  equivalent: "equivalent",
  improved: "improved",
};

/** JUDGEMENT_SIGN gives each judgement a shape of its own, so that no reader depends on colour. */
export const JUDGEMENT_SIGN: Readonly<Record<Judgement, string>> = {
  regressed: "▲",
  inconclusive: "◇",
  "not-worse": "□",
  equivalent: "■",
  improved: "▼",
};

export function judgementOf({ change, notWorse }: IndicatorChange): Judgement {
  return change === "inconclusive" && notWorse ? "not-worse" : change;
}

/** sortByHarm puts what is nearest to harm first: regressed, then in doubt, then safe; inside each by distance to the margin. */
export function sortByHarm(changes: readonly IndicatorChange[]): readonly IndicatorChange[] {
  return changes.toSorted(
    (a, b) =>
      JUDGEMENTS.indexOf(judgementOf(a)) - JUDGEMENTS.indexOf(judgementOf(b)) ||
      nearnessToHarm(b) - nearnessToHarm(a) ||
      (a.indicator < b.indicator ? -1 : a.indicator > b.indicator ? 1 : 0),
  );
}

/**
 * nearnessToHarm is the bad end of the interval over the harmful margin, on the scale of the effect (logarithm for ratios):
 * 0 is no change, 1 the margin. What has no estimate comes last.
 */
export function nearnessToHarm(change: IndicatorChange): number {
  const end = change.better === "lower" ? change.upper : change.lower;
  const limit = change.better === "lower" ? change.marginUpper : change.marginLower;
  const nearness = onScale(change, end ?? change.effect) / onScale(change, limit);
  return Number.isFinite(nearness) ? nearness : Number.MIN_SAFE_INTEGER;
}

function onScale(change: IndicatorChange, value: number | null): number {
  if (value === null) return Number.NaN;
  return change.effectKind === "ratio" ? Math.log(value) : value;
}

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

/** describeFigures gives the finding in one line: the two values, the change, its interval, the margin, and what would decide. */
export function describeFigures(change: IndicatorChange, notation: Notation): string {
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
