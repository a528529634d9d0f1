import type { Arm } from "../../domain/arm.ts";
import type { LedgerRecord } from "../../domain/load/ledger.ts";

/** LedgerEntry is what the run knows of one thing that it made: the records of one reference taken together. */
export interface LedgerEntry {
  readonly ref: string;
  readonly scenario: string;
  readonly model: string;
  readonly id: number | null;
  /** Odoo answered that it was created. */
  readonly created: boolean;
  /** Odoo answered that all of the transaction was done. */
  readonly done: boolean;
  readonly detail: LedgerRecord["detail"];
}

/** ledgerEntries joins the records of one arm by reference; the records may come in any order. */
export function ledgerEntries(records: readonly LedgerRecord[], arm: Arm): readonly LedgerEntry[] {
  const entries = new Map<string, LedgerEntry>();
  for (const record of records) {
    if (record.arm !== arm) continue;
    const { ref, scenario, model } = record;
    const before = entries.get(ref);
    entries.set(ref, {
      ref,
      scenario,
      model,
      id: before?.id ?? record.id,
      created: before?.created === true || record.ledger !== "intent",
      done: before?.done === true || record.ledger === "done",
      detail: { ...before?.detail, ...record.detail },
    });
  }
  return [...entries.values()];
}
