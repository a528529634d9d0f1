import type { Arm } from "../../domain/arm.ts";
import type { LedgerRecord } from "../../domain/load/ledger.ts";
import type { ShopSchema } from "./shop-schema.ts";

/** Invariant is one business rule as SQL, for the columns of one database. */
export interface Invariant {
  /** Stable id, such as `import-exactly-once`. */
  readonly id: string;
  /** The rule as a sentence. */
  readonly label: string;
  /**
   * Which records the rule checks. `ledger`: the records that the run's ledger names. `since`: the records that were created
   * since the snapshot. `all`: all records; violations that the snapshot already holds are not attributed to the run.
   */
  readonly scope: "ledger" | "since" | "all";
  /** Tables that the rule needs. If one is absent, its module is not installed and the rule does not apply. */
  readonly tables: readonly string[];
  /** Returns one row, `checked`. $1 depends on the scope: ledger entries as JSON, or the time of the snapshot; none for `all`. */
  readonly checkedSql: string;
  /** Returns one row of `key` and `example` for each record that breaks the rule. $1 is the same. */
  readonly violationsSql: string;
  /** The ledger entries that the rule checks; all entries if absent. */
  readonly entries?: (entry: LedgerEntry) => boolean;
}

/** Rule creates an invariant whose SQL depends on the columns of the database. */
export type Rule = (schema: ShopSchema) => Invariant;

/** LedgerEntry is everything that the ledger holds about one reference: all records of the reference, merged. */
export interface LedgerEntry {
  readonly ref: string;
  readonly scenario: string;
  readonly model: string;
  readonly id: number | null;
  /** Odoo confirmed that the record was created. */
  readonly created: boolean;
  /** Odoo confirmed that the whole transaction was done. */
  readonly done: boolean;
  readonly detail: LedgerRecord["detail"];
}

/** ledgerEntries merges the records of one arm by reference. The records may be in any order. */
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
