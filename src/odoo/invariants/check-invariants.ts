import { type Client, DatabaseError } from "pg";

import type { Arm } from "../../domain/arm.ts";
import type { LedgerRecord } from "../../domain/load/ledger.ts";
import type { InvariantResult } from "../../domain/load/run.ts";
import { inSnapshot, waitForQuiet, withInvariantsConnection } from "../connection/database.ts";
import { type Invariant, ledgerEntries, type LedgerEntry } from "./invariant.ts";
import { invariantsFor } from "./shop-rules.ts";

/** Maximum number of examples per rule. */
const EXAMPLES = 10;

/** The result of a rule without a snapshot: old violations cannot be separated from new ones. */
const NO_SNAPSHOT: Outcome = { kind: "not-checked", reason: "it could not be checked before the run" };

/** InvariantSnapshot holds the violations that existed before the run, as plain data that can be stored. */
export interface InvariantSnapshot {
  /** Time of the database in UTC without a zone, as Odoo stores times. */
  readonly since: string;
  /** Keys of the records that already broke each rule. A rule that could not be checked has no entry. */
  readonly broken: Readonly<Record<string, readonly string[]>>;
}

export interface CheckOptions {
  readonly arm: Arm;
  readonly ledger: readonly LedgerRecord[];
  readonly snapshot: InvariantSnapshot;
  /** Longest wait for the transactions of the load to end. */
  readonly quietLimitMs?: number;
  readonly signal?: AbortSignal;
}

/** Violation is one record that breaks a rule: a key that is the same in every check, and a description for people. */
interface Violation {
  readonly key: string;
  readonly example: string;
}

type Outcome =
  | { readonly kind: "checked"; readonly checked: number; readonly violations: readonly Violation[] }
  | { readonly kind: "not-checked"; readonly reason: string }
  /** The module of the rule is not installed. */
  | { readonly kind: "not-applicable" };

interface InvariantContext {
  /** Time of the snapshot in UTC without a zone, as Odoo stores times. */
  readonly since: string;
  readonly entries: readonly LedgerEntry[];
}

/**
 * snapshotInvariants checks one arm's database before the run. Real databases contain old violations, which must not be
 * attributed to the run.
 */
export async function snapshotInvariants(dsn: string): Promise<InvariantSnapshot> {
  return withInvariantsConnection(dsn, (client) =>
    inSnapshot(client, async () => {
      const now = await client.query<{ since: string }>("select (now() at time zone 'UTC')::text as since");
      const since = now.rows[0]?.since ?? "";
      const broken: [string, readonly string[]][] = [];
      for (const invariant of await invariantsFor(client)) {
        if (invariant.scope !== "all") continue;
        const outcome = await runInvariant(client, invariant, { since, entries: [] });
        if (outcome.kind === "checked") broken.push([invariant.id, outcome.violations.map(({ key }) => key)]);
      }
      return { since, broken: Object.fromEntries(broken) };
    }),
  );
}

/**
 * checkInvariants checks one arm's database after the load, as soon as no transaction writes to it. If transactions still write
 * after the time limit, no rule is checked: a violation inside an open transaction may be temporary.
 */
export async function checkInvariants(dsn: string, options: CheckOptions): Promise<readonly InvariantResult[]> {
  const { arm, ledger, snapshot, quietLimitMs = 60_000, signal } = options;
  const context = { since: snapshot.since, entries: ledgerEntries(ledger, arm) };
  return withInvariantsConnection(dsn, async (client) => {
    const invariants = await invariantsFor(client);
    const quiet = await waitForQuiet(client, { limitMs: quietLimitMs, ...(signal === undefined ? {} : { signal }) });
    if (!quiet) {
      const reason = `Odoo was still writing ${Math.round(quietLimitMs / 1000)} s after the load`;
      return invariants.map((invariant) => resultOf(invariant, arm, { outcome: { kind: "not-checked", reason }, known: [] }));
    }
    return inSnapshot(client, async () => {
      const results: InvariantResult[] = [];
      for (const invariant of invariants) {
        const known = invariant.scope === "all" ? snapshot.broken[invariant.id] : [];
        const outcome = known === undefined ? NO_SNAPSHOT : await runInvariant(client, invariant, context);
        if (outcome.kind !== "not-applicable") results.push(resultOf(invariant, arm, { outcome, known: known ?? [] }));
      }
      return results;
    });
  });
}

/** resultOf omits violations that existed before the run. */
function resultOf(
  invariant: Invariant,
  arm: Arm,
  found: { outcome: Exclude<Outcome, { kind: "not-applicable" }>; known: readonly string[] },
): InvariantResult {
  const { id, label } = invariant;
  const { outcome, known } = found;
  if (outcome.kind === "not-checked") {
    return { id, arm, label, status: "not-checked", checked: 0, violations: 0, examples: [outcome.reason] };
  }
  const before = new Set(known);
  const broken = outcome.violations.filter(({ key }) => !before.has(key));
  return {
    id,
    arm,
    label,
    status: broken.length === 0 ? "intact" : "broken",
    checked: outcome.checked,
    violations: broken.length,
    examples: broken.slice(0, EXAMPLES).map(({ example }) => example),
  };
}

/** runInvariant checks one rule inside the snapshot's transaction. A rule that fails leaves the transaction usable. */
async function runInvariant(client: Client, invariant: Invariant, context: InvariantContext): Promise<Outcome> {
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
