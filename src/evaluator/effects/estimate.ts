import type { PerArm } from "../../domain/arm.ts";
import type { Series } from "../../domain/judgement/evidence.ts";
import type { Random } from "../../statistics/random.ts";
import type { Inside } from "../../statistics/spread.ts";

/**
 * Estimate is the change of one indicator without its noise.
 *
 * `effect` is ln(candidate / baseline) on the `log` scale, candidate - baseline on the `difference` scale. `contributions` has one
 * entry per block, the sum of the influence values of the block; the entries add up to about zero. Noise is estimated from their
 * spread, so the unit of the noise is the block and never the sample.
 */
export interface Estimate {
  readonly scale: "log" | "difference";
  readonly baseline: number;
  readonly candidate: number;
  readonly effect: number;
  readonly contributions: readonly number[];
  /** Number of blocks with data; fewer where the estimate depends on fewer values than blocks, as a p95 may. */
  readonly informative: number;
  /** Smallest change that the measurement can resolve, on the scale of the effect; zero for continuous quantities. */
  readonly resolution: number;
  readonly method: string;
  /** Sum of the contributions of both arms, by block, where `contributions` hold their difference. */
  readonly together?: readonly number[];
  /** Noise estimated from the values inside the blocks; absent where there are too few values. */
  readonly inside?: Inside | undefined;
}

/** ArmBlocks are the undisturbed blocks of one series, by arm, without values that are not numbers. */
export type ArmBlocks<Entry> = PerArm<readonly Entry[]>;

export interface ValuesEntry {
  readonly values: readonly number[];
}

export interface RatioEntry {
  readonly numerator: number;
  readonly denominator: number;
}

export interface CountEntry {
  readonly events: number;
  readonly exposure: number;
}

/** Usable is a series prepared for estimation. `n` are its observations per arm, `leftOut` is the share of unusable blocks or values. */
export type Usable =
  | { readonly kind: "values"; readonly blocks: ArmBlocks<ValuesEntry>; readonly n: PerArm<number>; readonly leftOut: number }
  | { readonly kind: "ratio"; readonly blocks: ArmBlocks<RatioEntry>; readonly n: PerArm<number>; readonly leftOut: number }
  | { readonly kind: "count"; readonly blocks: ArmBlocks<CountEntry>; readonly n: PerArm<number>; readonly leftOut: number };

/** countsWholeThings says whether the unit is counted one by one, so that its resolution is one. */
export function countsWholeThings(series: Series): boolean {
  return ["statements", "rows", "blocks", "bytes", "errors"].includes(series.indicator.unit);
}

/** JointDraw is one joint resample, which all indicators share: indicators that change together do so in the resamples too. */
export interface JointDraw {
  /** Index of the block drawn for each place; blocks are drawn for all indicators at once. */
  blockAt(place: number, blocks: number): number;
  /** One standard normal number: the noise between the runs of this resample. */
  readonly betweenRuns: number;
  readonly random: Random;
}

/** UncertainEffect is an effect with its noise, on the scale of the effect. */
export interface UncertainEffect {
  readonly scale: "log" | "difference";
  readonly values: PerArm<number>;
  readonly effect: number;
  readonly standardError: number;
  readonly method: string;
  readonly warnings: readonly string[];
  /**
   * One-sided confidence limit at 1 - alpha. `load` gives the expected limit after that multiple of the load, with everything else
   * unchanged.
   */
  limit(alpha: number, side: "lower" | "upper", load?: number): number;
  /** One-sided p-value of "the true effect is above (below) `margin`". */
  pBeyond(margin: number, side: "above" | "below"): number;
  /** Critical value of a one-sided test at alpha, in standard errors. */
  factor(alpha: number): number;
  draw(joint: JointDraw): number;
}

/** InsideArm describes the spread of the values of one arm inside its blocks. */
export interface InsideArm {
  /** Number of values in each block, and their sum of squares around the mean of the block. */
  readonly sizes: readonly number[];
  readonly squares: readonly number[];
  /** Factor from the unit of the values to that of the effect. */
  readonly scale: number;
}

/** Fewest degrees of freedom inside the blocks of each arm for a usable estimate of the variance. */
const fewest = 12;

/**
 * insideBlocks is the noise of the effect if the values inside the blocks were independent: the pooled variance inside the blocks
 * divided by the number of values, summed over the arms. Undefined where the blocks hold too few values.
 */
export function insideBlocks(baseline: InsideArm, candidate: InsideArm): Inside | undefined {
  const arms = [baseline, candidate].map(({ sizes, squares, scale }) => {
    const filled = sizes.filter((size) => size > 0);
    const n = filled.reduce((total, size) => total + size, 0);
    const free = n - filled.length;
    const sum = squares.reduce((total, each, index) => total + ((sizes[index] ?? 0) > 0 ? each : 0), 0);
    return {
      free,
      variance: (scale * scale * sum) / Math.max(1, free) / Math.max(1, n),
      perBlock: n / Math.max(1, filled.length),
    };
  });
  if (arms.some(({ free }) => free < fewest)) return undefined;
  return {
    variance: arms.reduce((total, { variance }) => total + variance, 0),
    valuesPerBlock: arms.reduce((total, { perBlock }) => total + perBlock / arms.length, 0),
  };
}
