import type { PerArm } from "../../domain/arm.ts";
import type { Series } from "../../domain/judgement/evidence.ts";
import type { Random } from "../../statistics/random.ts";
import type { Inside } from "../../statistics/spread.ts";

/**
 * Estimate is the change of one indicator before anything is said about its noise.
 *
 * `effect` is ln(candidate / baseline) on the `log` scale, candidate - baseline on the `difference` scale. `contributions` has
 * one entry a block, adding up to about zero: how far the block pulls the effect (its influence values, added up). Their spread
 * is the noise, so the unit from which noise is estimated is the block and never the sample.
 */
export interface Estimate {
  readonly scale: "log" | "difference";
  readonly baseline: number;
  readonly candidate: number;
  readonly effect: number;
  readonly contributions: readonly number[];
  /** Blocks that hold anything; fewer where the estimate rests on fewer values than blocks, as a p95 may. */
  readonly informative: number;
  /** Smallest step that the measurement can see, on the scale of the effect; zero for continuous quantities. */
  readonly resolution: number;
  readonly method: string;
  /** What both arms' blocks have in common: the sum of their pulls, where `contributions` hold the difference. */
  readonly together?: readonly number[];
  /** What the values inside the blocks say about the noise; absent where there are too few of them. */
  readonly inside?: Inside | undefined;
}

/** ArmBlocks are the undisturbed blocks of one series, by arm, with values that are not numbers taken out. */
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

/** Usable is a series made ready for estimation; `n` are its observations per arm. */
export type Usable =
  | { readonly kind: "values"; readonly blocks: ArmBlocks<ValuesEntry>; readonly n: PerArm<number>; readonly leftOut: number }
  | { readonly kind: "ratio"; readonly blocks: ArmBlocks<RatioEntry>; readonly n: PerArm<number>; readonly leftOut: number }
  | { readonly kind: "count"; readonly blocks: ArmBlocks<CountEntry>; readonly n: PerArm<number>; readonly leftOut: number };

/** countsWholeThings tells units that are counted one by one, so that their resolution is one. */
export function countsWholeThings(series: Series): boolean {
  return ["statements", "rows", "blocks", "bytes", "errors"].includes(series.indicator.unit);
}

/** JointDraw is one joint resample: what every indicator shares, so that indicators which move together do so here too. */
export interface JointDraw {
  /** Index of the block drawn for each place; blocks are drawn for all indicators at once. */
  blockAt(place: number, blocks: number): number;
  /** One standard normal number: the luck of this pair of runs, where runs differ. */
  readonly betweenRuns: number;
  readonly random: Random;
}

/** UncertainEffect is an effect with all that may be asked about its noise, on the scale of the effect. */
export interface UncertainEffect {
  readonly scale: "log" | "difference";
  readonly values: PerArm<number>;
  readonly effect: number;
  readonly standardError: number;
  readonly method: string;
  readonly warnings: readonly string[];
  /**
   * One-sided limit: the true effect is beyond it with at least 1 - alpha confidence. `load` asks what the limit would be after
   * that multiple of the load, if everything else stayed as it is.
   */
  limit(alpha: number, side: "lower" | "upper", load?: number): number;
  /** One-sided p-value of "the true effect is above (below) `margin`". */
  pBeyond(margin: number, side: "above" | "below"): number;
  /** Multiple of the standard error that a one-sided test at alpha asks for. */
  factor(alpha: number): number;
  draw(joint: JointDraw): number;
}

/** InsideArm is how the values of one arm lie inside its blocks. */
export interface InsideArm {
  /** Values in each block, and the sum of squares around the block's own mean. */
  readonly sizes: readonly number[];
  readonly squares: readonly number[];
  /** Factor from the unit of the values to that of the effect. */
  readonly scale: number;
}

/** Fewest degrees of freedom inside the blocks of each arm that know a variance well enough to compare the blocks with. */
const fewest = 12;

/**
 * insideBlocks is the noise that the effect would have if the values inside the blocks were independent of each other: the pooled
 * variance inside the blocks over the number of values, added up over the arms. Undefined where blocks hold too few values.
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
