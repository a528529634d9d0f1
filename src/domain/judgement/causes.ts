import type { Arm } from "../arm.ts";
import type { Service } from "../service.ts";

/**
 * StepTime is the time of the requests of one step in one arm and block, as sums, so that parts add up to the whole. The first request
 * of each step in each worker is left out.
 */
export interface StepTime {
  readonly step: string;
  readonly scenario: string;
  readonly service: Service;
  readonly arm: Arm;
  /** Index into the blocks of the evidence. */
  readonly block: number;
  /** Successful requests by k6, and their time from the intended start to the complete answer. */
  readonly requests: number;
  readonly clientMs: number;
  /** Part of `clientMs` before k6 had a VU for the transaction; it belongs to the first step. */
  readonly lateMs: number;
  /** Requests in Odoo's log that ran once; zero where the log has none. The next three sums are taken over them. */
  readonly logged: number;
  readonly pythonMs: number;
  readonly sqlMs: number;
  readonly statements: number;
  /** Requests that Odoo ran again after a conflict, and their total time in Odoo, with the waits between the attempts. */
  readonly retried: number;
  readonly retriedMs: number;
  /** Requests whose wait for a worker is known, and their wait while every worker of their arm was busy. */
  readonly queueKnown: number;
  readonly queueMs: number;
}

/** ArmTime holds times of one whole arm in one block that are not measured by step. Null: not measured during the whole block. */
export interface ArmTime {
  readonly arm: Arm;
  readonly block: number;
  /** All requests by k6, successful or failed, and their time without late starts. */
  readonly requests: number;
  readonly clientMs: number;
  /** All requests in Odoo's log, and their time in Odoo. */
  readonly logged: number;
  readonly pythonMs: number;
  readonly sqlMs: number;
  /** Requests that the ingress forwarded to the arm's Odoo, and its wait for the answers. */
  readonly serviceRequests: number | null;
  readonly serviceMs: number | null;
  readonly odooCpuMs: number | null;
  /** Sessions that waited for a lock, on average over the samples, times the length of the block. */
  readonly lockWaitMs: number | null;
  /** Time of reading and writing blocks by PostgreSQL (track_io_timing), or else sampled like lock waits. */
  readonly ioMs: number | null;
}

/** RedisUse is the activity of one Redis during the load; `arm` is null where both arms share it. */
export interface RedisUse {
  readonly arm: Arm | null;
  /** Time of commands inside the server. */
  readonly commandMs: number;
  readonly evictedKeys: number;
  readonly rejectedConnections: number;
}

/** StepOutcome counts the requests of one step in one arm with one outcome: `ok`, or the origin of the failure. */
export interface StepOutcome {
  readonly step: string;
  readonly scenario: string;
  readonly service: Service;
  readonly arm: Arm;
  readonly outcome: string;
  readonly count: number;
}

/**
 * OdooSignal counts events of the Odoo of one arm: in its log `worker_kills`, `registry_reloads`, `serialization_retries`,
 * `connections_refused`, and in its process tree `odoo_worker_starts`.
 */
export interface OdooSignal {
  readonly arm: Arm;
  readonly signal: string;
  readonly count: number;
}

/** CauseEvidence is the evidence for the causes of a regression. It does not change the verdict. */
export interface CauseEvidence {
  readonly stepTimes: readonly StepTime[];
  readonly armTimes: readonly ArmTime[];
  readonly redis: readonly RedisUse[];
  readonly outcomes: readonly StepOutcome[];
  readonly signals: readonly OdooSignal[];
}

/** StatementUse is the use of one normalised SQL statement in the database of one arm during the load (pg_stat_statements delta). */
export interface StatementUse {
  readonly arm: Arm;
  /** Normalised text: parameters as $n, lists folded to `IN (...)`, white space folded. */
  readonly statement: string;
  readonly calls: number;
  readonly execMs: number;
  readonly rows: number;
  readonly blocks: number;
  readonly walBytes: number;
}
