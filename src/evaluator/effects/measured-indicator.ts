import type { PerArm } from "../../domain/arm.ts";
import type { Evidence, Series } from "../../domain/judgement/evidence.ts";
import type { Indicator, Margin } from "../../domain/judgement/indicator.ts";
import type { Policy } from "../../domain/judgement/policy.ts";
import { betweenRun, blockEffect, blocksArePairs } from "./block-effect.ts";
import { countEffect } from "./count-effect.ts";
import { countsWholeThings, type Estimate, type UncertainEffect, type Usable } from "./estimate.ts";
import { marginInForce } from "./reads-in-pieces.ts";
import { filledBlocks, isCountedWork, neededBlocks, usableSeries } from "./usable-series.ts";
import { quantileEffect, ratioEffect, typicalEffect } from "./value-effects.ts";

/** MeasuredIndicator is one indicator with its effect, before the decision, which needs all indicators (correction of p). */
export interface MeasuredIndicator {
  /** With the margin and the gate of the policy. */
  readonly indicator: Indicator;
  readonly n: PerArm<number>;
  readonly blocks: number;
  /** Blocks in which both arms were measured. */
  readonly filled: number;
  readonly judged: { readonly effect: UncertainEffect; readonly limits: MarginLimits } | null;
  /** One-sided p-values of "worse (better) by more than the margin"; 1 where the indicator was not judged. */
  readonly pWorse: number;
  readonly pBetter: number;
  readonly warnings: readonly string[];
}

/** Largest share of blocks or values that may be left out as no numbers; beyond it the rest may be a biased selection. */
const highestLoss = 0.05;

/** measureIndicator estimates the effect of one indicator and tests it against its margin, which the policy has already set. */
export function measureIndicator(series: Series, evidence: Evidence, policy: Policy): MeasuredIndicator {
  const { indicator } = series;
  const usable = usableSeries(series, evidence.blocks);
  const { n, leftOut } = usable;
  const warnings: string[] = [];
  if (leftOut > 0) warnings.push(`${(100 * leftOut).toFixed(1)} % of the measurements were not numbers and were left out`);
  const fewest = Math.min(n.baseline, n.candidate);
  if (n.baseline === 0 && n.candidate === 0) warnings.push("no data in either arm");
  else if (fewest === 0) warnings.push(`no data in the ${n.baseline === 0 ? "baseline" : "candidate"} arm`);
  else if (fewest < indicator.minimumCount) {
    warnings.push(`too few observations: ${fewest.toFixed(0)} in one arm, ${indicator.minimumCount} needed`);
  }
  const blocks = usable.blocks.baseline.length;
  const filled = filledBlocks(usable);
  // Few blocks do not show the noise. Counts have exact limits and counted work has little noise, so one block is enough for both.
  const needed = usable.kind === "count" || isCountedWork(indicator) ? 1 : Math.min(blocks, neededBlocks(evidence, policy));
  if (fewest > 0 && filled < needed)
    warnings.push(`both arms were measured in only ${filled} of ${blocks} blocks, ${needed} needed`);
  const enough = fewest >= indicator.minimumCount && leftOut <= highestLoss && blocks >= 2 && filled >= needed;
  const effect = enough ? effectOfSeries(series, usable, evidence) : null;
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

/** effectOfSeries estimates the effect of one indicator with its noise; null where an arm has no data. */
function effectOfSeries(series: Series, usable: Usable, evidence: Evidence): UncertainEffect | null {
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

/** MarginLimits are the limits of the margin on the scale of the effect. */
export interface MarginLimits {
  readonly lower: number;
  readonly upper: number;
}

/**
 * marginLimits converts the larger part of a margin to the scale of the effect.
 *
 * On the log scale the limits are symmetric (x 1.15 and / 1.15), and the absolute part is taken relative to the geometric mean of
 * both arms, so that swapping the arms turns each regression into an improvement and vice versa.
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
