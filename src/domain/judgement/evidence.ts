import type { Arm, PerArm } from "../arm.ts";
import type { InputHash, InvariantResult, Schedule, ServiceVolume } from "../load/run.ts";
import type { Release } from "../target/release.ts";
import type { UnseenPart } from "../target/target.ts";
import type { CauseEvidence, StatementUse } from "./causes.ts";
import type { Indicator } from "./indicator.ts";
import type { Timeline } from "./timeline.ts";

/**
 * Block is one stretch of the load in which both arms lived under the same noise: a slice of wall-clock time (duet, slots), or a
 * pair of runs (sequential). Blocks, not samples, are the unit from which noise is estimated.
 */
export interface Block {
  readonly index: number;
  readonly startMs: number;
  readonly endMs: number;
  /** Why the block may not be used, or null. Disturbed blocks stay in the evidence and out of the estimates. */
  readonly disturbance: string | null;
  /** The servers were still warming up: caches were filled, so not even counted work is what it is later. Always disturbed. */
  readonly isCold: boolean;
}

/** BlockValues is one arm's share of one block. */
export type BlockValues =
  | { readonly kind: "values"; readonly values: readonly number[] }
  | { readonly kind: "ratio"; readonly numerator: number; readonly denominator: number }
  | { readonly kind: "count"; readonly events: number; readonly exposure: number };

/** Series is what was measured for one indicator: for each arm one entry a block, in the order of `Evidence.blocks`. */
export interface Series {
  readonly indicator: Indicator;
  readonly blocks: PerArm<readonly BlockValues[]>;
}

export interface ValidityFact {
  /** Stable word: `run-aborted`, `arrivals-missed`, `loader-busy`, `host-steal`, `host-pressure`, `probe-missing`, ... */
  readonly code: string;
  /**
   * `invalid`: no verdict but inconclusive is possible. `unsteady`: machine or load were not as planned, so no pass is possible and
   * only work, which hardly knows noise, may still fail. `disturbed`: some blocks were left out. `info`: worth knowing.
   */
  readonly severity: "invalid" | "unsteady" | "bars-pass" | "disturbed" | "info";
  readonly text: string;
  /** What the reader can do about it. */
  readonly remedy: string;
}

/** LearnedSd is a standard deviation between runs, on the scale of effects: of ln(value), or of the value itself. */
export interface LearnedSd {
  readonly scale: "log" | "difference";
  readonly sd: number;
}

/** Evidence is everything the evaluator sees of one comparison. It is plain data and holds no clock, path or handle. */
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
    /** Time that they took all together, in ms. */
    readonly tookMs: number;
  }[];
  readonly invariants: readonly InvariantResult[];
  readonly validity: readonly ValidityFact[];
  readonly timeline: Timeline;
  readonly inputs: readonly InputHash[];
  readonly seed: number;
  /** How many times the judge has looked at this campaign, this time included; null where the length was fixed beforehand. */
  readonly looks?: number | null;
  /** Noise between runs of one release, by indicator id, where A/A runs of this deployment taught it. */
  readonly betweenRunSd?: Readonly<Record<string, LearnedSd>>;
  /** What causes are read from; absent where nothing but the series is known. */
  readonly causes?: CauseEvidence;
  /** What no run looked at, or not every run; absent where the runs do not say. */
  readonly unseen?: readonly UnseenPart[];
}

/** Times as long as the baseline's that the candidate's transactions took, from which on a load that was missed is its own doing. */
const held = 2;

/**
 * candidateHeldUsers tells whether the candidate kept the virtual users of a service so busy that arrivals found nobody.
 *
 * A user who waits for the candidate is missing for both arms, so a dropped arrival names no arm; the time that the users spent
 * does. A candidate that took twice the baseline's has had two thirds of it, and as fast as the baseline it would have left a
 * third of the users free. Without this rule the slowest candidates are never judged: the slower, the more arrivals are missed. A
 * neighbour slows both arms down, and differed by 20 % between equal arms where three of four transactions never ended.
 */
export function candidateHeldUsers(transactions: Evidence["transactions"], service: string): boolean {
  const [baseline, candidate] = (["baseline", "candidate"] as const).map((arm) =>
    transactions
      .filter((entry) => entry.arm === arm && entry.service === service)
      .reduce((total, { tookMs }) => total + tookMs, 0),
  );
  return (baseline ?? 0) > 0 && (candidate ?? 0) >= held * (baseline ?? 0);
}
