import type { Random } from "../statistics/random.ts";
import type { PerArm } from "../domain/arm.ts";

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
