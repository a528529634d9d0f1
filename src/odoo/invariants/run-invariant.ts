import { DatabaseError } from "pg";
import type { Client } from "pg";
import type { Invariant } from "./invariant.ts";
import type { LedgerEntry } from "./ledger-entries.ts";

/** Violation is one record that breaks a rule: a key that is the same at every look, and a name for people. */
interface Violation {
  readonly key: string;
  readonly example: string;
}

export type Outcome =
  | { readonly kind: "checked"; readonly checked: number; readonly violations: readonly Violation[] }
  | { readonly kind: "not-checked"; readonly reason: string }
  /** The rule's module is not installed: there is nothing that could break it. */
  | { readonly kind: "not-applicable" };

export interface InvariantContext {
  /** UTC without a zone, as Odoo stores its times. */
  readonly since: string;
  readonly entries: readonly LedgerEntry[];
}

/** runInvariant asks one rule inside the snapshot's transaction; one that fails leaves the transaction as it was. */
export async function runInvariant(client: Client, invariant: Invariant, context: InvariantContext): Promise<Outcome> {
  const absent = await absentTables(client, invariant.tables);
  if (absent.length > 0) return { kind: "not-applicable" };
  const parameters = parametersOf(invariant, context);
  await client.query("savepoint rule");
  try {
    const counted = await client.query<{ checked: number }>(invariant.checkedSql, parameters);
    const broken = await client.query<{ key: string; example: string }>(invariant.violationsSql, parameters);
    return { kind: "checked", checked: counted.rows[0]?.checked ?? 0, violations: broken.rows };
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    await client.query("rollback to savepoint rule");
    return { kind: "not-checked", reason: error.message };
  }
}

async function absentTables(client: Client, tables: readonly string[]): Promise<readonly string[]> {
  const sql = "select name from unnest($1::text[]) as t(name) where to_regclass(name) is null";
  return (await client.query<{ name: string }>(sql, [tables])).rows.map(({ name }) => name);
}

function parametersOf(invariant: Invariant, context: InvariantContext): string[] {
  if (invariant.scope === "all") return [];
  if (invariant.scope === "since") return [context.since];
  return [JSON.stringify(context.entries.filter(invariant.entries ?? (() => true)))];
}
