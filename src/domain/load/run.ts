import type { Arm, PerArm } from "../arm.ts";
import type { Service } from "../service.ts";
import type { Release } from "../target/release.ts";
import type { UnseenPart } from "../target/target.ts";

/** Schedule says how iterations are handed to the arms. */
export type Schedule =
  | { readonly kind: "duet" }
  | { readonly kind: "slots"; readonly slotMs: number; readonly guardMs: number }
  | { readonly kind: "sequential"; readonly arm: Arm };

type RunStatus = "complete" | "aborted" | "failed" | "imported";

/** ServiceVolume is planned and achieved load of one scenario in business units, both arms together. */
export interface ServiceVolume {
  readonly service: Service;
  readonly scenario: string;
  /** Business unit in the singular: `checkout`, `sync`, `order`, `wave`. */
  readonly unit: string;
  /** Null where the plan is unknown (imported results). */
  readonly planned: number | null;
  /** Transactions that ended well. */
  readonly achieved: number;
  readonly failed: number;
  readonly dropped: number;
  /** Iterations that had started and not ended when the load stopped. */
  readonly interrupted: number;
}

export interface InputHash {
  /** Begins with the bundle's own name, wherever it lay. */
  readonly path: string;
  readonly sha256: string;
  /** The side that the bundle spoke for; absent where its samples say that themselves. */
  readonly side?: Arm;
}

/**
 * Round places a run in an adaptive campaign: the judge looked after each round from `firstLook` on, and every look has spent its
 * share of alpha, so a round cannot be judged without knowing how many came before it.
 */
export interface Round {
  readonly campaign: string;
  /** From 1 on; both runs of a sequential pair have the same number. */
  readonly number: number;
  readonly firstLook: number;
}

/** RunManifest is `run.json` of a bundle. */
export interface RunManifest {
  readonly schemaVersion: 1;
  readonly runId: string;
  readonly status: RunStatus;
  /** Why a run did not complete, in one sentence; null for complete and imported ones. */
  readonly statusReason: string | null;
  readonly target: string;
  readonly arms: readonly Arm[];
  readonly schedule: Schedule;
  readonly releases: Partial<PerArm<Release>>;
  /** The workload as it was compiled for k6, and its SHA-256. Null for imported runs. */
  readonly workload: unknown;
  readonly workloadHash: string | null;
  readonly k6Version: string | null;
  readonly seed: number;
  /** Epoch milliseconds. The measured load is [loadStartMs + warmupMs, loadEndMs). */
  readonly loadStartMs: number;
  readonly loadEndMs: number;
  readonly warmupMs: number;
  readonly volumes: readonly ServiceVolume[];
  readonly counts: RunCounts;
  /** One entry a probe: how often it read, how often it failed, and the last failure. */
  readonly probes: readonly ProbeRecord[];
  readonly invariants: readonly InvariantResult[];
  readonly settings: Readonly<Record<string, string>>;
  /** Absent for runs of fixed length, and for imported ones. */
  readonly round?: Round;
  /** What the run did not look at; absent where the target is not known that well (imported, or of an older version). */
  readonly unseen?: readonly UnseenPart[];
}

/** RunCounts reconciles the bundle with k6's own summary; `summary` is null where k6 wrote none. */
export interface RunCounts {
  readonly samples: number;
  readonly readings: number;
  readonly iterations: number;
  readonly httpRequests: number;
  readonly dropped: number;
  readonly summary: { readonly iterations: number; readonly httpRequests: number; readonly dropped: number } | null;
}

export interface ProbeRecord {
  readonly name: string;
  readonly readings: number;
  readonly failures: number;
  readonly lastFailure: string | null;
}

/** InvariantResult is one business rule checked after the load in one arm's database. */
export interface InvariantResult {
  /** Stable word, such as `import-exactly-once`. */
  readonly id: string;
  readonly arm: Arm;
  readonly label: string;
  readonly status: "intact" | "broken" | "not-checked";
  /** How many records were looked at, and how many broke the rule. */
  readonly checked: number;
  readonly violations: number;
  /** Up to ten records that broke the rule, named as a person would look them up. */
  readonly examples: readonly string[];
}
