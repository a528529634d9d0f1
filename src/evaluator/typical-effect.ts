import type { ArmBlocks, Estimate, ValuesEntry } from "./estimate.ts";
import { insideBlocks, type InsideArm } from "./inside-blocks.ts";

/**
 * typicalEffect compares the geometric means of each arm's pooled values: ln(candidate / baseline) is the difference of the mean
 * logarithms, so a shift of all values by 10 % is a ratio of 1.10 whatever their spread.
 *
 * A block's contribution is the excess of its logarithms over the arm's mean. Both halves of a pair lie in one block, so what
 * their work or their moment has in common cancels there. No value is trimmed: in five recorded duets (15 series of
 * 24 to 75 pairs, bootstrap over pairs) means trimmed by 5, 10 and 20 % had standard errors larger by 2, 6 and 11 % on average;
 * order imports alone gained, up to a quarter. Values of zero have no logarithm; a time of zero is no measurement.
 */
export function typicalEffect(blocks: ArmBlocks<ValuesEntry>): Estimate | null {
  const baseline = armMean(blocks.baseline);
  const candidate = armMean(blocks.candidate);
  if (baseline === null || candidate === null) return null;
  return {
    scale: "log",
    baseline: Math.exp(baseline.mean),
    candidate: Math.exp(candidate.mean),
    effect: candidate.mean - baseline.mean,
    contributions: candidate.pulls.map((pull, index) => pull - (baseline.pulls[index] ?? 0)),
    together: candidate.pulls.map((pull, index) => pull + (baseline.pulls[index] ?? 0)),
    inside: insideBlocks(baseline.inside, candidate.inside),
    informative: blocks.baseline.filter(
      ({ values }, index) => values.length > 0 || (blocks.candidate[index]?.values.length ?? 0) > 0,
    ).length,
    resolution: 0,
    method: "ratio of pooled geometric means, excess of logarithms over blocks",
  };
}

interface ArmMean {
  readonly mean: number;
  readonly pulls: readonly number[];
  readonly inside: InsideArm;
}

function armMean(blocks: readonly ValuesEntry[]): ArmMean | null {
  // Sorted, so that the order of samples inside a block does not even change the last digit.
  const logs = blocks.map(({ values }) => [
    ...Float64Array.from(values.filter((value) => value > 0).map((value) => Math.log(value))).sort(),
  ]);
  const n = logs.reduce((total, { length }) => total + length, 0);
  if (n === 0) return null;
  const mean = logs.flat().reduce((total, each) => total + each, 0) / n;
  return {
    mean,
    pulls: logs.map((each) => each.reduce((total, log) => total + log - mean, 0) / n),
    inside: { sizes: logs.map(({ length }) => length), squares: logs.map((each) => squaresOf(each)), scale: 1 },
  };
}

function squaresOf(values: readonly number[]): number {
  const mean = values.reduce((total, each) => total + each, 0) / values.length;
  return values.reduce((total, each) => total + (each - mean) ** 2, 0);
}
