import type { Arm } from "./arm.ts";

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
