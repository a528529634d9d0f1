import type { Arm } from "../../domain/arm.ts";
import type { LedgerRecord } from "../../domain/load/ledger.ts";
import type { ShopSchema } from "./shop-schema.ts";

/** Invariant is one business rule in SQL, for one version of Odoo. */
export interface Invariant {
  /** Stable word, such as `import-exactly-once`. */
  readonly id: string;
  /** The rule in plain words. */
  readonly label: string;
  /**
   * `ledger`: looks at what the run's ledger names. `since`: looks at what was created since the snapshot. `all`: looks at
   * everything; what was broken before the run is known from the snapshot and is not the run's.
   */
  readonly scope: "ledger" | "since" | "all";
  /** Tables it reads; where one is absent its module is not installed, and there is nothing to check. */
  readonly tables: readonly string[];
  /** One row `checked`. Parameter $1 is the scope's: the ledger entries as JSON, or the time of the snapshot; none for `all`. */
  readonly checkedSql: string;
  /** A row `key`, `example` for each record that breaks the rule. Same parameter. */
  readonly violationsSql: string;
  /** Which entries of the ledger it looks at. */
  readonly entries?: (entry: LedgerEntry) => boolean;
}

/** Rule is an invariant that has to be said in another way where Odoo keeps the same facts in other columns. */
export type Rule = (schema: ShopSchema) => Invariant;

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
