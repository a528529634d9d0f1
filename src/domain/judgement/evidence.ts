import type { Arm, PerArm } from "../arm.ts";
import type { InputHash, InvariantResult, Schedule, ServiceVolume } from "../load/run.ts";
import type { Release } from "../target/release.ts";
import type { UnseenPart } from "../target/target.ts";
import type { CauseEvidence, StatementUse } from "./causes.ts";
import type { Indicator } from "./indicator.ts";
import type { Timeline } from "./timeline.ts";

/**
 * Block is a part of the load in which both arms had the same noise: a slice of wall-clock time (duet, slots), or a pair of runs
 * (sequential). Noise is estimated from blocks, not from samples.
 */
export interface Block {
  readonly index: number;
  readonly startMs: number;
  readonly endMs: number;
  /** Reason why the block may not be used, or null. Disturbed blocks are part of the evidence but not of the estimates. */
  readonly disturbance: string | null;
  /** The servers were still warming up and filled caches, so even counted work differs from later work. Always disturbed. */
  readonly isCold: boolean;
}

/** BlockValues is one arm's share of one block. */
export type BlockValues =
  | { readonly kind: "values"; readonly values: readonly number[] }
  | { readonly kind: "ratio"; readonly numerator: number; readonly denominator: number }
  | { readonly kind: "count"; readonly events: number; readonly exposure: number };

/** Series is the values of one indicator: for each arm one entry a block, in the order of `Evidence.blocks`. */
export interface Series {
  readonly indicator: Indicator;
  readonly blocks: PerArm<readonly BlockValues[]>;
}

/** EventKind is the kind of an event that readings show. */
export type EventKind =
  | "restart"
  | "registry-reload"
  | "cron"
  | "worker-kill"
  | "worker-start"
  | "checkpoint"
  | "autovacuum"
  | "backup"
  | "index-build"
  | "table-rewrite"
  | "vacuum"
  | "bulk-copy"
  | "io-pressure"
  | "memory-pressure"
  | "clock-step";

/** DisturbanceCode is the reason why a block may not be used; `disturbed` is an event that was recorded as a disturbance. */
export type DisturbanceCode =
  | EventKind
  | "host-steal"
  | "foreign-cpu"
  | "loader-busy"
  | "arrivals-missed"
  | "warming-up"
  | "disturbed";

/** ValidityCode is the stable word of a fact. The facts of the judge are the last group. */
export type ValidityCode =
  | DisturbanceCode
  | "run-aborted"
  | "run-failed"
  | "no-samples"
  | "summary-missing"
  | "samples-lost"
  | "samples-missing"
  | "readings-missing"
  | "probe-absent"
  | "probe-missing"
  | "probe-gaps"
  | "host-unknown"
  | "workload-differs"
  | "k6-differs"
  | "seeds-differ"
  | "settings-differ"
  | "data-differs"
  | "size-differs"
  | "one-run-each"
  | "runs-unpaired"
  | "candidate-events"
  | "statements-evicted"
  | "log-incomplete"
  | "work-unweighed"
  | "slow-start"
  | "never-steady"
  | "calibrated"
  | "calibration-unfit"
  | "too-few-blocks"
  | "environment-disturbed"
  | "no-traffic"
  | "no-data"
  | "candidate-held-users"
  | "candidate-lost-work"
  | "baseline-failing"
  | "calibration-missing"
  | "few-blocks-filled"
  | "cost-unseen"
  | "baseline-breaks-rule"
  | "rule-not-checked";

/** ValidityFact is a fact that limits what may be concluded from the evidence. */
export interface ValidityFact {
  readonly code: ValidityCode;
  /**
   * Effect on the verdict. `invalid`: the verdict is INCONCLUSIVE. `unsteady`: machine or load differed from the plan, so PASS is
   * not possible, and only counted work, which has almost no noise, can still lead to FAIL. `bars-pass`: PASS is not possible;
   * FAIL is. `disturbed`: some blocks were left out. `info`: no effect.
   */
  readonly severity: "invalid" | "unsteady" | "bars-pass" | "disturbed" | "info";
  readonly text: string;
  /** What the reader can do about it. */
  readonly remedy: string;
}

/**
 * pairsAreBlocks says whether each pair of runs of one arm is one block. From three pairs on, the pairs show the noise between
 * runs; fewer pairs are cut into blocks of time.
 */
export function pairsAreBlocks(pairs: number): boolean {
  return pairs >= 3;
}

/** LearnedSd is a standard deviation between runs, on the scale of effects: of ln(value), or of the value itself. */
export interface LearnedSd {
  readonly scale: "log" | "difference";
  readonly sd: number;
}

/** Evidence is the input of the evaluator for one comparison. It is plain data without clock, path or handle. */
export interface Evidence {
  readonly runIds: readonly string[];
  readonly schedule: Schedule;
  readonly releases: PerArm<Release>;
  readonly startedAt: string;
  readonly loadMs: number;
  readonly blocks: readonly Block[];
  readonly series: readonly Series[];
  readonly volumes: readonly ServiceVolume[];
  readonly statements: readonly StatementUse[];
  /** Completed transactions for each arm and service, the denominator of statement deltas. */
  readonly transactions: readonly {
    readonly arm: Arm;
    readonly service: string;
    readonly count: number;
    /** Their total time, in ms. */
    readonly tookMs: number;
  }[];
  readonly invariants: readonly InvariantResult[];
  readonly validity: readonly ValidityFact[];
  readonly timeline: Timeline;
  readonly inputs: readonly InputHash[];
  readonly seed: number;
  /** Number of looks that the judge has taken at this campaign, this one included; null where the length was fixed beforehand. */
  readonly looks?: number | null;
  /** Noise between runs of one release, by indicator id, where it was learned from A/A runs of this deployment. */
  readonly betweenRunSd?: Readonly<Record<string, LearnedSd>>;
  /** Data from which causes are derived; absent where only the series are known. */
  readonly causes?: CauseEvidence;
  /** Parts of the target that some or all runs did not observe; absent where the runs do not list them. */
  readonly unseen?: readonly UnseenPart[];
}

/** Ratio of the candidate's total time to the baseline's from which on the candidate is the cause of missed arrivals. */
const held = 2;

/**
 * candidateHeldUsers says whether the candidate kept the virtual users of a service so busy that arrivals found no free user.
 *
 * A user who waits for the candidate is missing for both arms, so a dropped arrival does not identify an arm; the time that the
 * users spent does. A candidate that took twice the baseline's time has had two thirds of it, and at the baseline's speed it
 * would have left a third of the users free. Without this rule the slowest candidates would never be judged: the slower the
 * candidate, the more arrivals are missed. Another load on the machine slows both arms down; the times of equal arms then
 * differed by 20 % where three of four transactions never ended.
 */
export function candidateHeldUsers(transactions: Evidence["transactions"], service: string): boolean {
  const [baseline, candidate] = (["baseline", "candidate"] as const).map((arm) =>
    transactions
      .filter((entry) => entry.arm === arm && entry.service === service)
      .reduce((total, { tookMs }) => total + tookMs, 0),
  );
  return (baseline ?? 0) > 0 && (candidate ?? 0) >= held * (baseline ?? 0);
}
