import type { PerArm } from "../../domain/arm.ts";
import type { Evidence, Series } from "../../domain/judgement/evidence.ts";
import type { Indicator, Margin } from "../../domain/judgement/indicator.ts";
import type { Policy } from "../../domain/judgement/policy.ts";
import { applyPolicy } from "../catalogue/policy.ts";
import { betweenRun, blockEffect, blocksArePairs } from "./block-effect.ts";
import { countEffect } from "./count-effect.ts";
import { countsWholeThings, type Estimate, type UncertainEffect, type Usable } from "./estimate.ts";
import { marginInForce } from "./reads-in-pieces.ts";
import { filledBlocks, isCountedWork, neededBlocks, usableSeries } from "./usable-series.ts";
import { quantileEffect, ratioEffect, typicalEffect } from "./value-effects.ts";

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

/** effectOfSeries estimates the change of one indicator with its noise; null where an arm has nothing to compare. */
export function effectOfSeries(series: Series, usable: Usable, evidence: Evidence): UncertainEffect | null {
  if (usable.kind === "count") return countEffect(usable.blocks);
  const estimate = estimateOf(series, usable);
  if (estimate === null) return null;
  const between = betweenRun(series.indicator, evidence, estimate.scale);
  const effect = blockEffect(estimate, { blocksArePairs: blocksArePairs(evidence), betweenRunSd: between.sd });
  return { ...effect, method: `${effect.method}; ${between.words}` };
}

function estimateOf(series: Series, usable: Exclude<Usable, { kind: "count" }>): Estimate | null {
  if (usable.kind === "ratio") return ratioEffect(usable.blocks, { wholeThings: countsWholeThings(series) });
  const { source } = series.indicator;
  if (source.kind === "typical") return typicalEffect(usable.blocks);
  return source.kind === "quantile" ? quantileEffect(usable.blocks, source.quantile) : null;
}

/** MarginLimits are the ends of "no change that matters", on the scale of the effect. */
export interface MarginLimits {
  readonly lower: number;
  readonly upper: number;
}

/**
 * marginLimits puts a margin on the scale of the effect, the larger of its two parts.
 *
 * On the log scale it is symmetric (x 1.15 one way, / 1.15 the other), and the absolute part counts against the geometric mean
 * of both arms, so that swapping the arms turns every regression into an improvement and back.
 */
export function marginLimits(margin: Margin, scale: "log" | "difference", values: PerArm<number>): MarginLimits {
  if (scale === "log") {
    const middle = Math.sqrt(values.baseline * values.candidate);
    const upper = Math.log1p(Math.max(margin.relative, margin.absolute / middle));
    return { lower: -upper, upper };
  }
  const middle = (values.baseline + values.candidate) / 2;
  const upper = Math.max(margin.absolute, margin.relative * middle);
  return { lower: -upper, upper };
}
