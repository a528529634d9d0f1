import type { IndicatorChange } from "../domain/judgement/evaluation.ts";
import { judgementOf, JUDGEMENTS } from "./judgement.ts";

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
