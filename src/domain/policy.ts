import type { Calibration } from "./calibration.ts";
import type { Margin } from "./indicator.ts";

/** Policy is fixed before the run: what matters, how sure to be, what the environment may do. */
export interface Policy {
  /** Family-wise false-alarm rate of FAIL over all gates. */
  readonly alpha: number;
  /** One-sided error of calling one gate equivalent; the equivalence interval has level 1 - 2 x this. */
  readonly equivalenceAlpha: number;
  readonly resamples: number;
  /** Fewest undisturbed blocks. */
  readonly minimumBlocks: number;
  readonly blockMs: number;
  /** Achieved share of planned arrivals below which the load did not happen as planned. */
  readonly minimumAchievedRatio: number;
  readonly maximumStealRatio: number;
  readonly maximumForeignCpuRatio: number;
  readonly maximumLoaderCpuRatio: number;
  /** Overrides by indicator id (a `*` ends a prefix): margin, gate. Unknown ids are an error. */
  readonly indicators: Readonly<Record<string, { readonly margin?: Partial<Margin>; readonly gate?: boolean }>>;
  /** What A/A runs of the deployment taught. Whole, and not by name, so that a verdict says all that it was judged by. */
  readonly calibration?: Calibration;
}
