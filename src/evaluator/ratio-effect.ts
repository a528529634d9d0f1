import type { ArmBlocks, Estimate, RatioEntry } from "./estimate.ts";

/**
 * ratioEffect compares two pooled ratios, sum over sum: work per transaction of the whole load, not the mean of block ratios,
 * which would give a block of two orders the weight of one of twenty.
 *
 * A block's contribution is the first-order influence of its numerator and denominator on ln(ratio) (the delta method for a
 * ratio of sums). Where an arm did no work at all the logarithm has no sense, and the difference is judged instead.
 */
export function ratioEffect(blocks: ArmBlocks<RatioEntry>, options: { wholeThings: boolean }): Estimate | null {
  const baseline = pool(blocks.baseline);
  const candidate = pool(blocks.candidate);
  if (baseline.denominator <= 0 || candidate.denominator <= 0) return null;
  const log = baseline.numerator > 0 && candidate.numerator > 0;
  const pull = (entry: RatioEntry | undefined, whole: RatioEntry) => {
    const value = whole.numerator / whole.denominator;
    const excess = (entry?.numerator ?? 0) - value * (entry?.denominator ?? 0);
    return excess / (log ? whole.numerator : whole.denominator);
  };
  const values = {
    baseline: baseline.numerator / baseline.denominator,
    candidate: candidate.numerator / candidate.denominator,
  };
  const step = options.wholeThings
    ? 1 / (log ? baseline.numerator : baseline.denominator) + 1 / (log ? candidate.numerator : candidate.denominator)
    : 0;
  return {
    ...values,
    scale: log ? "log" : "difference",
    effect: log ? Math.log(values.candidate / values.baseline) : values.candidate - values.baseline,
    contributions: blocks.baseline.map((entry, index) => pull(blocks.candidate[index], candidate) - pull(entry, baseline)),
    informative: blocks.baseline.filter(
      (entry, index) => entry.denominator > 0 || (blocks.candidate[index]?.denominator ?? 0) > 0,
    ).length,
    resolution: step,
    method: log ? "ratio of pooled sums, delta method over blocks" : "difference of pooled ratios, delta method over blocks",
  };
}

function pool(entries: readonly RatioEntry[]): RatioEntry {
  let numerator = 0;
  let denominator = 0;
  for (const entry of entries) {
    numerator += entry.numerator;
    denominator += entry.denominator;
  }
  return { numerator, denominator };
}
