import { type Arm, ARMS, type PerArm } from "../../domain/arm.ts";
import { batchVariance } from "../../statistics/spread.ts";
import type { RatioEntry } from "../estimate.ts";

/** MeanDifference is how much more a mean is in the candidate, in its own unit, so that parts add up to the whole. */
export interface MeanDifference {
  readonly baseline: number;
  readonly candidate: number;
  readonly added: number;
  /** One standard error of `added`, from blocks; it decides nothing, so neighbouring blocks may resemble each other. */
  readonly standardError: number;
}

/** standsOut says whether a difference is more than twice its noise, in the harmful direction. */
export function standsOut({ added, standardError }: Pick<MeanDifference, "added" | "standardError">): boolean {
  return added > 0 && added > 2 * standardError;
}

/**
 * meanDifference compares two pooled means, sum over sum. A block's contribution is the first-order influence of its sums on the
 * difference (the delta method for a ratio of sums). Null where an arm has nothing to divide by.
 */
export function meanDifference(blocks: PerArm<readonly RatioEntry[]>): MeanDifference | null {
  const total = (arm: Arm, part: keyof RatioEntry) => blocks[arm].reduce((sum, entry) => sum + entry[part], 0);
  const [below, above] = ARMS.map((arm) => total(arm, "denominator"));
  if (below === undefined || above === undefined || !(below > 0 && above > 0)) return null;
  const baseline = total("baseline", "numerator") / below;
  const candidate = total("candidate", "numerator") / above;
  const pull = (entry: RatioEntry | undefined, mean: number, whole: number) =>
    ((entry?.numerator ?? 0) - mean * (entry?.denominator ?? 0)) / whole;
  const contributions = Array.from(
    { length: Math.max(blocks.baseline.length, blocks.candidate.length) },
    (_, index) => pull(blocks.candidate[index], candidate, above) - pull(blocks.baseline[index], baseline, below),
  );
  const variance = contributions.length < 2 ? Infinity : batchVariance(contributions, contributions.length);
  return { baseline, candidate, added: candidate - baseline, standardError: Math.sqrt(variance) };
}
