import type { ScenarioLoad } from "../load/plan.ts";
import type { Schedule } from "../load/run.ts";
import type { Margin } from "./indicator.ts";

/** Policy is fixed before the run: margins, error rates, and limits of the environment. */
export interface Policy {
  /** Family-wise false-alarm rate of FAIL over all gates. */
  readonly alpha: number;
  /** One-sided error of calling one gate equivalent; the equivalence interval has level 1 - 2 x this. */
  readonly equivalenceAlpha: number;
  readonly resamples: number;
  /** Fewest undisturbed blocks. */
  readonly minimumBlocks: number;
  readonly blockMs: number;
  /** Least achieved share of the planned arrivals; below it the load did not run as planned. */
  readonly minimumAchievedRatio: number;
  readonly maximumStealRatio: number;
  readonly maximumForeignCpuRatio: number;
  readonly maximumLoaderCpuRatio: number;
  /** Margins and gates by indicator id, or by a prefix that ends with `*`. Unknown ids are an error. */
  readonly indicators: Readonly<Record<string, { readonly margin?: Partial<Margin>; readonly gate?: boolean }>>;
  /** Noise learned from A/A runs of the deployment. The whole content, not its file name, so that a verdict contains all of its inputs. */
  readonly calibration?: Calibration;
}

/** LearnedNoise is the noise of one indicator between runs of the same release. */
export interface LearnedNoise {
  /** `log`: of ln(value), a share; `difference`: in the unit of the indicator, where zero is normal. */
  readonly scale: "log" | "difference";
  /** Runs that measured it. */
  readonly n: number;
  readonly df: number;
  /** Estimated standard deviation between runs beyond the noise inside the runs; zero where the noise inside explains all of it. */
  readonly sd: number;
  /** Upper confidence limit of `sd`, widened for autocorrelation of successive runs. The judge uses it. */
  readonly upperSd: number;
  /** Lag-one autocorrelation over the runs in the order of time. */
  readonly autocorrelation: number;
  /** Mean effect of candidate against baseline, which should be zero; null for runs of one arm. */
  readonly bias: number | null;
}

/** Calibration is the noise between A/A runs of one deployment, and the load of these runs. */
export interface Calibration {
  readonly schemaVersion: 1;
  readonly target: string;
  readonly release: string;
  readonly schedule: Schedule["kind"];
  /** Rates and sizes of the load; null for imported results, which do not contain them. */
  readonly scenarios: Readonly<Record<string, ScenarioLoad>> | null;
  /** Measured load of one run. */
  readonly loadMs: number;
  readonly runs: readonly { readonly runId: string; readonly sha256: string }[];
  readonly indicators: Readonly<Record<string, LearnedNoise>>;
}

/**
 * FEWEST_CALIBRATION_RUNS is the least number of runs: with seven degrees of freedom the upper limit is a third above the estimate, with
 * three twice as far.
 */
export const FEWEST_CALIBRATION_RUNS = 8;
