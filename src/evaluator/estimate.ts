import type { PerArm } from "../domain/arm.ts";
import type { Series } from "../domain/judgement/evidence.ts";
import type { Inside } from "../statistics/spread.ts";

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
