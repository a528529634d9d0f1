import type { Change } from "../domain/judgement/evaluation.ts";
import type { Better } from "../domain/judgement/indicator.ts";
import type { MarginLimits } from "./margin-limits.ts";

/**
 * classifyChange places the equivalence interval of the effect against the margin.
 *
 * An interval that straddles a limit is inconclusive: too little evidence must never read as a pass. A change in the harmful
 * direction also needs its p-value, corrected for several indicators, at most alpha.
 */
export function classifyChange(
  interval: { readonly lower: number; readonly upper: number },
  options: { limits: MarginLimits; better: Better; pAdjusted: number; pImproved: number; alpha: number },
): Change {
  const { limits, better, alpha } = options;
  const beyondHarm = better === "lower" ? interval.lower > limits.upper : interval.upper < limits.lower;
  const beyondGain = better === "lower" ? interval.upper < limits.lower : interval.lower > limits.upper;
  if (beyondHarm) return options.pAdjusted <= alpha ? "regressed" : "inconclusive";
  if (beyondGain) return options.pImproved <= alpha ? "improved" : "inconclusive";
  if (interval.lower > limits.lower && interval.upper < limits.upper) return "equivalent";
  return "inconclusive";
}
