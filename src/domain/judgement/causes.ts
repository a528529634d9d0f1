import type { Arm } from "../arm.ts";
import type { Service } from "../service.ts";

/**
 * StepTime is what the requests of one step took in one arm and block: sums, so that parts add up to the whole. Requests with a
 * worker's first use of a step are in none of them.
 */
export interface StepTime {
  readonly step: string;
  readonly scenario: string;
  readonly service: Service;
  readonly arm: Arm;
  /** Index into the blocks of the evidence. */
  readonly block: number;
  /** Requests that ended well, as k6 saw them, and their time from the intended start to the whole answer. */
  readonly requests: number;
  readonly clientMs: number;
  /** Part of `clientMs` that went by before k6 had a VU for the transaction; its first step carries it. */
  readonly lateMs: number;
  /** Requests of Odoo's log that ran once; zero where the log has none. The three sums are of these. */
  readonly logged: number;
  readonly pythonMs: number;
  readonly sqlMs: number;
  readonly statements: number;
  /** Requests that Odoo ran again after a conflict, and all their time in Odoo, waiting between the tries included. */
  readonly retried: number;
  readonly retriedMs: number;
  /** Requests whose wait for a worker is known, and how long they waited while every worker of their arm was busy. */
  readonly queueKnown: number;
  readonly queueMs: number;
}

/** ArmTime is what was read of one whole arm in one block: times that no reading knows by step. Null: not read throughout. */
export interface ArmTime {
  readonly arm: Arm;
  readonly block: number;
  /** All requests as k6 saw them, good or not, and their time without late starts. */
  readonly requests: number;
  readonly clientMs: number;
  /** All requests of Odoo's log, and their time in Odoo. */
  readonly logged: number;
  readonly pythonMs: number;
  readonly sqlMs: number;
  /** Requests that the ingress handed to the arm's Odoo, and how long it waited for the answers. */
  readonly serviceRequests: number | null;
  readonly serviceMs: number | null;
  readonly odooCpuMs: number | null;
  /** Sessions that waited for a lock, on average over the samples, times the length of the block. */
  readonly lockWaitMs: number | null;
  /** What PostgreSQL clocked for reading and writing blocks (track_io_timing), else sampled as lock waits are. */
  readonly ioMs: number | null;
}

/** RedisUse is what one Redis did during the load; `arm` is null where both arms share it. */
export interface RedisUse {
  readonly arm: Arm | null;
  /** Time that commands took inside the server. */
  readonly commandMs: number;
  readonly evictedKeys: number;
  readonly rejectedConnections: number;
}

/** StepOutcome counts the requests of one step in one arm that ended in one way: `ok`, or whose failure it was. */
export interface StepOutcome {
  readonly step: string;
  readonly scenario: string;
  readonly service: Service;
  readonly arm: Arm;
  readonly outcome: string;
  readonly count: number;
}

/**
 * OdooSignal counts what one arm's Odoo told of itself: in its log `worker_kills`, `registry_reloads`, `serialization_retries`,
 * `connections_refused`, and in its process tree `odoo_worker_starts`.
 */
export interface OdooSignal {
  readonly arm: Arm;
  readonly signal: string;
  readonly count: number;
}

/** CauseEvidence is what the causes of a regression are read from; nothing in it is judged. */
export interface CauseEvidence {
  readonly stepTimes: readonly StepTime[];
  readonly armTimes: readonly ArmTime[];
  readonly redis: readonly RedisUse[];
  readonly outcomes: readonly StepOutcome[];
  readonly signals: readonly OdooSignal[];
}

/** StatementUse is what one normalised SQL statement did in one arm's database while the load ran (pg_stat_statements delta). */
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
