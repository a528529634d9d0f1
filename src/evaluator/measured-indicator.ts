import type { PerArm } from "../domain/arm.ts";
import type { Evidence, Series } from "../domain/judgement/evidence.ts";
import type { Indicator } from "../domain/judgement/indicator.ts";
import type { Policy } from "../domain/judgement/policy.ts";
import { effectOfSeries } from "./effect-of-series.ts";
import { filledBlocks, neededBlocks } from "./filled-blocks.ts";
import { marginInForce } from "./margin-in-force.ts";
import { type MarginLimits, marginLimits } from "./margin-limits.ts";
import { isCountedWork } from "./own-work.ts";
import { applyPolicy } from "./policy-rules.ts";
import type { UncertainEffect } from "./uncertain-effect.ts";
import { usableSeries } from "./usable-series.ts";

/** MeasuredIndicator is one indicator with its effect, before the decision, which needs all of them (correction of p). */
export interface MeasuredIndicator {
  /** With the policy's margin and gate. */
  readonly indicator: Indicator;
  readonly n: PerArm<number>;
  readonly blocks: number;
  /** Blocks in which both arms were measured. */
  readonly filled: number;
  readonly judged: { readonly effect: UncertainEffect; readonly limits: MarginLimits } | null;
  /** One-sided p-values of "worse (better) by more than the margin"; 1 where nothing can be said. */
  readonly pWorse: number;
  readonly pBetter: number;
  readonly warnings: readonly string[];
}

/** Share of blocks or values that may be no numbers before an indicator is given up: what is left may be a selection. */
const highestLoss = 0.05;

export function measureIndicator(series: Series, evidence: Evidence, policy: Policy): MeasuredIndicator {
  const indicator = applyPolicy(series.indicator, policy);
  const usable = usableSeries({ ...series, indicator }, evidence.blocks);
  const { n, leftOut } = usable;
  const warnings: string[] = [];
  if (leftOut > 0) warnings.push(`${(100 * leftOut).toFixed(1)} % of the measurements were no numbers and were left out`);
  const fewest = Math.min(n.baseline, n.candidate);
  if (n.baseline === 0 && n.candidate === 0) warnings.push("no data in either arm");
  else if (fewest === 0) warnings.push(`no data in the ${n.baseline === 0 ? "baseline" : "candidate"} arm`);
  else if (fewest < indicator.minimumCount) {
    warnings.push(`too few observations: ${fewest.toFixed(0)} in one arm, ${indicator.minimumCount} needed`);
  }
  const blocks = usable.blocks.baseline.length;
  const filled = filledBlocks(usable);
  // Noise is what blocks differ by, and few blocks do not show it. Exact limits of counts, and work that is counted, rest on more.
  const needed = usable.kind === "count" || isCountedWork(indicator) ? 1 : Math.min(blocks, neededBlocks(evidence, policy));
  if (fewest > 0 && filled < needed)
    warnings.push(`both arms were measured in only ${filled} of ${blocks} blocks, ${needed} needed`);
  const enough = fewest >= indicator.minimumCount && leftOut <= highestLoss && blocks >= 2 && filled >= needed;
  const effect = enough ? effectOfSeries({ ...series, indicator }, usable, evidence) : null;
  if (effect === null) return { indicator, n, blocks, filled, judged: null, pWorse: 1, pBetter: 1, warnings };
  const { margin, allowance } = marginInForce(indicator, evidence);
  const limits = marginLimits(margin, effect.scale, effect.values);
  const above = effect.pBeyond(limits.upper, "above");
  const below = effect.pBeyond(limits.lower, "below");
  const lowerIsBetter = indicator.better === "lower";
  return {
    indicator,
    n,
    blocks,
    filled,
    judged: { effect, limits },
    pWorse: lowerIsBetter ? above : below,
    pBetter: lowerIsBetter ? below : above,
    warnings: [...warnings, ...effect.warnings, ...allowance],
  };
}
