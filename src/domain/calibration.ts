import type { Schedule } from "./run.ts";
import type { ScenarioLoad } from "./workload.ts";

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
