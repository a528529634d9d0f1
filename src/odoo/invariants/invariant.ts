import type { LedgerEntry } from "./ledger-entries.ts";

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
