import type { Arm, PerArm } from "../arm.ts";
import type { Service } from "../service.ts";
import type { Release } from "../target/release.ts";
import type { UnseenPart } from "../target/target.ts";

/** Schedule is the way in which iterations are assigned to the arms. */
export type Schedule =
  | { readonly kind: "duet" }
  | { readonly kind: "slots"; readonly slotMs: number; readonly guardMs: number }
  | { readonly kind: "sequential"; readonly arm: Arm };

type RunStatus = "complete" | "aborted" | "failed" | "imported";

/** ServiceVolume is the planned and achieved load of one scenario in business units, both arms together. */
export interface ServiceVolume {
  readonly service: Service;
  readonly scenario: string;
  /** Business unit in the singular: `checkout`, `sync`, `order`, `wave`. */
  readonly unit: string;
  /** Null where the plan is unknown (imported results). */
  readonly planned: number | null;
  /** Successful transactions. */
  readonly achieved: number;
  readonly failed: number;
  readonly dropped: number;
  /** Iterations that had started but not ended when the load stopped. */
  readonly interrupted: number;
}

export interface InputHash {
  /** Begins with the name of the bundle's folder. */
  readonly path: string;
  readonly sha256: string;
  /** The arm for which the bundle counts; absent where its samples name their arms. */
  readonly side?: Arm;
}

/**
 * Round is the place of a run in an adaptive campaign. The judge looked after each round from `firstLook` on, and each look spent
 * a share of alpha, so the judge needs the number of earlier looks.
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
  /** One entry for each probe: its readings, its failures, and the last failure. */
  readonly probes: readonly ProbeRecord[];
  readonly invariants: readonly InvariantResult[];
  readonly settings: Readonly<Record<string, string>>;
  /** Absent for runs of fixed length, and for imported ones. */
  readonly round?: Round;
  /** Parts of the target that the run did not observe; absent in imported bundles and in bundles of older versions. */
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

/** ProbeRecord counts what one probe read during a run. */
export interface ProbeRecord {
  readonly name: string;
  /**
   * `not-configured`: the target names no end point for the probe. `failed`: the probe read nothing. Absent in the records of a
   * sampler.
   */
  readonly state?: "read" | "not-configured" | "failed";
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
  /** Records that were checked, and records that broke the rule. */
  readonly checked: number;
  readonly violations: number;
  /** Up to ten records that broke the rule, by the names under which users find them. */
  readonly examples: readonly string[];
}
