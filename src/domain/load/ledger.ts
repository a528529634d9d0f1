import type { Arm } from "../arm.ts";

/**
 * LedgerRecord is one line of `created.ndjson`. `intent` is written before the request that creates, so that a record whose
 * answer was lost can still be found by its reference; `created` and `done` are written after the answer.
 */
export interface LedgerRecord {
  readonly ledger: "intent" | "created" | "done";
  readonly runId: string;
  readonly arm: Arm;
  readonly scenario: string;
  /** Odoo model, such as `sale.order`. */
  readonly model: string;
  readonly id: number | null;
  readonly ref: string;
  /** What was asked for, where a later check needs it: lines, quantity, total. */
  readonly detail: Readonly<Record<string, number | string>>;
}

/** CleanedModel counts what a cleanup did to the records of one model. */
export interface CleanedModel {
  /** Odoo model, such as `sale.order`. */
  readonly model: string;
  readonly removed: number;
  /** Cancelled, and kept for what hangs on them. */
  readonly cancelled: number;
  /** Undone by their opposite: deliveries that were returned, counts that were counted back, pickings that were put back. */
  readonly reversed: number;
}

/** KeptRecords are the records of one model that still bear the run's stamp, for one reason. */
export interface KeptRecords {
  readonly model: string;
  readonly reason: string;
  /** Nothing can undo them. What could be undone and was not makes a cleanup incomplete. */
  readonly irreversible: boolean;
  readonly count: number;
  /** Some of them, as a person would look them up. */
  readonly examples: readonly string[];
}

/** CleanedArm is what the cleanup of one run did in one arm's database, and what its final scan found there. */
export interface CleanedArm {
  readonly runId: string;
  readonly arm: Arm;
  readonly database: string;
  /** What every reference of the run begins with. */
  readonly stamp: string;
  readonly models: readonly CleanedModel[];
  readonly kept: readonly KeptRecords[];
  readonly notes: readonly string[];
}
