import { quantileOfSorted } from "../statistics/quantile.ts";
import type { ArmBlocks, Estimate, ValuesEntry } from "./estimate.ts";

/**
 * quantileEffect compares a quantile of each arm's pooled values.
 *
 * Quantiles of blocks may not be averaged (the p95 of three samples is no p95), so the quantile is taken of all values, and a
 * block's contribution is its surplus of values below that quantile, turned into ln(ms) by the local slope of the quantile
 * function (Woodruff 1952, Bahadur's representation). Slow stretches that both arms shared pull both quantiles and cancel.
 */
export function quantileEffect(blocks: ArmBlocks<ValuesEntry>, probability: number): Estimate | null {
  const baseline = armQuantile(blocks.baseline, probability);
  const candidate = armQuantile(blocks.candidate, probability);
  if (baseline === null || candidate === null) return null;
  const log = baseline.value > 0 && candidate.value > 0;
  const scaled = (arm: ArmQuantile, pull: number) => (log ? pull / arm.value : pull);
  return {
    baseline: baseline.value,
    candidate: candidate.value,
    scale: log ? "log" : "difference",
    effect: log ? Math.log(candidate.value / baseline.value) : candidate.value - baseline.value,
    contributions: candidate.pulls.map((pull, index) => scaled(candidate, pull) - scaled(baseline, baseline.pulls[index] ?? 0)),
    informative: blocks.baseline.filter(
      ({ values }, index) => values.length > 0 || (blocks.candidate[index]?.values.length ?? 0) > 0,
    ).length,
    resolution: 0,
    method: `${log ? "ratio" : "difference"} of pooled quantiles (R-7), Woodruff linearisation over blocks`,
  };
}

interface ArmQuantile {
  readonly value: number;
  /** How far each block pulls the quantile, in the unit of the values. */
  readonly pulls: readonly number[];
}

function armQuantile(blocks: readonly ValuesEntry[], probability: number): ArmQuantile | null {
  const sorted = Float64Array.from(blocks.flatMap(({ values }) => values)).sort();
  const n = sorted.length;
  if (n === 0) return null;
  const value = quantileOfSorted(sorted, probability);
  const below = blocks.map(({ values }) => values.filter((each) => each <= value).length);
  // Ties and small samples make the share at or below the quantile differ from its probability; pulls must add up to zero.
  const share = below.reduce((total, count) => total + count, 0) / n;
  const surplus = blocks.map(({ values }, index) => ((below[index] ?? 0) - share * values.length) / n);
  const slope = quantileSlope(sorted, probability, surplus);
  return { value, pulls: surplus.map((each) => -each * slope) };
}

/** quantileSlope is dQ/dp, measured over the stretch of probabilities that the blocks' noise spans. */
function quantileSlope(sorted: Float64Array, probability: number, surplus: readonly number[]): number {
  const fromBlocks = Math.sqrt(surplus.reduce((total, each) => total + each * each, 0));
  const fromSamples = Math.sqrt((probability * (1 - probability)) / sorted.length);
  const reach = Math.max(fromBlocks, fromSamples, 1 / sorted.length);
  const low = Math.max(0, probability - reach);
  const high = Math.min(1, probability + reach);
  return (quantileOfSorted(sorted, high) - quantileOfSorted(sorted, low)) / (high - low);
}
