import type { ScenarioLoad } from "../load/plan.ts";
import type { Schedule } from "../load/run.ts";
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

/** LearnedNoise is how much one indicator differs between runs of the same release. */
export interface LearnedNoise {
  /** `log`: of ln(value), so a share; `difference`: in the indicator's own unit, where zero is normal. */
  readonly scale: "log" | "difference";
  /** Runs that measured it. */
  readonly n: number;
  readonly df: number;
  /** Best guess of the standard deviation between runs, beyond what the blocks inside a run show; zero where they show it all. */
  readonly sd: number;
  /** What the judge uses: the upper confidence limit of `sd`, widened where successive runs resembled each other. */
  readonly upperSd: number;
  /** Lag-one autocorrelation over the runs in the order of time. */
  readonly autocorrelation: number;
  /** Mean of candidate against baseline, which should be nothing; null for runs of one arm. */
  readonly bias: number | null;
}

/** Calibration is what A/A runs of one deployment have taught: under which load they ran, and the noise between them. */
export interface Calibration {
  readonly schemaVersion: 1;
  readonly target: string;
  readonly release: string;
  readonly schedule: Schedule["kind"];
  /** Rates and sizes of the load; null for imported results, which do not say them. */
  readonly scenarios: Readonly<Record<string, ScenarioLoad>> | null;
  /** Measured load of one run. */
  readonly loadMs: number;
  readonly runs: readonly { readonly runId: string; readonly sha256: string }[];
  readonly indicators: Readonly<Record<string, LearnedNoise>>;
}

/** FEWEST_CALIBRATION_RUNS: with seven degrees of freedom the upper limit is a third above the guess; with three it is twice as far. */
export const FEWEST_CALIBRATION_RUNS = 8;
