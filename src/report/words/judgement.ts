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
 * Judgement is a change as reports show it. `not-worse` is an inconclusive change whose interval ends before the harmful margin:
 * equivalent or improved is undecided, but the change does not block a release.
 */
export type Judgement = Change | "not-worse";

/** JUDGEMENTS lists the judgements in the order of reports, the worst first. */
export const JUDGEMENTS: readonly Judgement[] = ["regressed", "inconclusive", "not-worse", "equivalent", "improved"];

/** JUDGEMENT_WORD holds the label of each judgement. */
export const JUDGEMENT_WORD: Readonly<Record<Judgement, string>> = {
  regressed: "regressed",
  inconclusive: "inconclusive",
  "not-worse": "not worse",
  equivalent: "equivalent",
  improved: "improved",
};

/** JUDGEMENT_SIGN holds a different shape for each judgement, so that no report depends on colour. */
export const JUDGEMENT_SIGN: Readonly<Record<Judgement, string>> = {
  regressed: "▲",
  inconclusive: "◇",
  "not-worse": "□",
  equivalent: "■",
  improved: "▼",
};

/** Ratios from this value on are shown as a factor (`×12.4`), smaller ones in per cent. */
const TIMES_FROM = 10;

/** judgementOf returns the judgement of a change. */
export function judgementOf({ change, notWorse }: IndicatorChange): Judgement {
  return change === "inconclusive" && notWorse ? "not-worse" : change;
}

/** sortByHarm sorts changes by judgement, the worst first, then by closeness to the harmful margin, then by indicator id. */
export function sortByHarm(changes: readonly IndicatorChange[]): readonly IndicatorChange[] {
  return changes.toSorted(
    (a, b) =>
      JUDGEMENTS.indexOf(judgementOf(a)) - JUDGEMENTS.indexOf(judgementOf(b)) ||
      nearnessToHarm(b) - nearnessToHarm(a) ||
      (a.indicator < b.indicator ? -1 : a.indicator > b.indicator ? 1 : 0),
  );
}

/**
 * nearnessToHarm is the harmful end of the interval divided by the harmful margin, on the scale of the effect (logarithm for
 * ratios): 0 means no change, 1 means at the margin. A change without an estimate gets the smallest safe integer.
 */
export function nearnessToHarm(change: IndicatorChange): number {
  const end = change.better === "lower" ? change.upper : change.lower;
  const limit = change.better === "lower" ? change.marginUpper : change.marginLower;
  const nearness = onScale(change, end ?? change.effect) / onScale(change, limit);
  return Number.isFinite(nearness) ? nearness : Number.MIN_SAFE_INTEGER;
}

/** formatEffect returns the estimate of a change: `+97.0 %`, `×12.4`, `+3.00 errors`. */
export function formatEffect(change: IndicatorChange, notation: Notation): string {
  const { effect, effectKind, unit } = change;
  if (effect === null) return NO_FIGURE;
  if (effectKind === "difference") return formatSignedQuantity(effect, unit, notation);
  if (effect >= TIMES_FROM) return `×${formatNumber(effect, notation)}`;
  return `${formatSignedPercent(effect - 1, notation)}${notation.gap}%`;
}

/** formatInterval returns the bounds in the unit of the effect: `[+96.1, +97.9]`. A missing bound is "open". */
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

/** formatMargin returns the margin as it was configured: `2 %`, `15 %, at least 5 ms`. */
export function formatMargin(change: IndicatorChange, notation: Notation): string {
  const { relative, absolute } = change.margin;
  const floor = formatSettingQuantity(absolute, change.unit, notation);
  if (relative === 0) return absolute === 0 ? "none" : floor;
  if (absolute === 0) return formatPercent(relative, notation);
  return `${formatPercent(relative, notation)}, at least ${floor}`;
}

/** formatMinimumEffect returns the minimum detectable effect: the smallest harm detected with 80 % power. */
export function formatMinimumEffect(change: IndicatorChange, notation: Notation): string {
  const { minimumDetectableEffect: smallest, effectKind, unit } = change;
  if (smallest === null) return NO_FIGURE;
  return effectKind === "ratio" ? formatPercent(smallest, notation) : formatSize(smallest, unit, notation);
}

/** describeFigures returns one line: both values, change, interval, margin and, if inconclusive, the reason. */
export function describeFigures(change: IndicatorChange, notation: Notation): string {
  if (change.effect === null) return describeDoubt(change, notation);
  const parts = [
    formatPair(change.baseline, change.candidate, change.unit, notation),
    `${formatEffect(change, notation)} ${formatInterval(change, notation)}`,
    `margin ${formatMargin(change, notation)}`,
  ];
  return change.change === "inconclusive" ? `${parts.join(", ")}; ${describeDoubt(change, notation)}` : parts.join(", ");
}

/** describeDoubt returns the reason why an indicator is inconclusive, with the load that would decide it if known. */
export function describeDoubt(change: IndicatorChange, notation: Notation): string {
  const { moreMinutes, warnings } = change;
  if (judgementOf(change) === "not-worse") return "not worse than the margin; equivalent or improved is not decided";
  if (moreMinutes !== null) {
    const minutes = Math.max(1, Math.ceil(moreMinutes));
    return `not decided: about ${minutes} more ${minutes === 1 ? "minute" : "minutes"} of load would probably be enough`;
  }
  if (change.effect === null) return `not decided: ${warnings[0] ?? "no data was measured"}`;
  const smallest = formatMinimumEffect(change, notation);
  if (smallest === NO_FIGURE) return `not decided${warnings[0] === undefined ? "" : `: ${warnings[0]}`}`;
  return `not decided: this amount of load detects changes of ${smallest} or more`;
}

function onScale(change: IndicatorChange, value: number | null): number {
  if (value === null) return Number.NaN;
  return change.effectKind === "ratio" ? Math.log(value) : value;
}
