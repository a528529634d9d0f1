import { setTimeout as sleep } from "node:timers/promises";

import { z } from "zod";

import type { Arm } from "../../domain/arm.ts";
import { HarnessError } from "../../domain/error.ts";
import type { CleanedArm, KeptRecords, LedgerRecord } from "../../domain/load/ledger.ts";
import type { ScenarioName } from "../../domain/load/plan.ts";
import type { Progress } from "../../domain/progress.ts";
import { readServerFacts } from "../capabilities/read-server-facts.ts";
import { requireMarker, requireMarkerInDatabase } from "../checks/loadable.ts";
import { waitForQuiet, withInvariantsConnection } from "../connection/database.ts";
import { type OdooAccount, type OdooSession, openOdooSession, searchRead } from "../connection/session.ts";
import { ledgerEntries, type LedgerEntry } from "../invariants/invariant.ts";
import { AREAS } from "./areas.ts";
import { type CleanupWork, createTally, type Tally, type Trace } from "./cleanup-area.ts";
import { cleanupFacts } from "./cleanup-facts.ts";
import { requireRights } from "./require-rights.ts";

/** Maximum number of rounds: new records may appear during a cleanup if Odoo still processes requests of a killed load. */
const ROUNDS = 3;
const PAUSE_MS = 2_000;

/** Time limit of one call. To return a wave or to reverse fifty counts takes seconds. */
const CALL_LIMIT_MS = 120_000;
const QUIET_LIMIT_MS = 30_000;

/** Maximum number of examples per reason. */
const EXAMPLES = 5;

/** Run ids without wildcards of a search pattern: a `%` or `_` would match records of other runs. */
const PLAIN = /^[0-9A-Za-z-]+$/;

/** The field of each model in which the scenarios store their reference. */
const REFERENCE_OF: Readonly<Record<string, string>> = {
  "sale.order": "client_order_ref",
  "stock.picking.batch": "name",
  "stock.inventory": "name",
  "pos.order": "pos_reference",
};

/** CleanArmRequest names the run to clean up, and the account and the limits of the cleanup. */
export interface CleanArmRequest {
  readonly account: OdooAccount & { readonly invariantsDsn: string | null };
  /** The login of the load. */
  readonly loadedBy: string;
  readonly runId: string;
  readonly arm: Arm;
  /** Scenarios of the run. */
  readonly scenarios: readonly ScenarioName[];
  /** No record of the run is older. Epoch milliseconds. */
  readonly sinceMs: number;
  readonly ledger: readonly LedgerRecord[];
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Pause between two rounds of a cleanup. */
  readonly pauseMs?: number;
}

/**
 * cleanArm undoes the writes of a run in one arm's database and scans for remaining records. It finds records only by the run's
 * stamp. A cleanup that was killed can be started again. If there is nothing to undo, it writes nothing.
 */
export async function cleanArm(request: CleanArmRequest): Promise<CleanedArm> {
  const { account, loadedBy, runId, arm, scenarios, sinceMs, signal, progress, pauseMs = PAUSE_MS } = request;
  const stamp = runStamp(runId, arm);
  progress.stage(`Looking for ${stamp}* in ${account.database}`, null);
  if (account.invariantsDsn !== null) {
    await requireMarkerInDatabase(account.invariantsDsn, account);
    await waitForWriters(account.invariantsDsn, request);
  }
  const session = await openOdooSession(account, { timeoutMs: CALL_LIMIT_MS });
  await requireMarker(session);
  const facts = await readServerFacts(session, cleanupFacts(scenarios));
  await requireRights(session, { facts, scenarios });
  const since = odooTime(sinceMs);
  const work: CleanupWork = { session, facts, loadedBy, scenarios, stamp, since, tally: createTally(), signal };
  let found = await scan(work);
  for (let round = 1; round <= ROUNDS && left(found) > 0; round += 1) {
    progress.stage(`Removing ${left(found)} records of ${stamp}* from ${account.database}`, null);
    if (round > 1) await sleep(pauseMs, undefined, { signal });
    await clear(work, found, progress);
    found = await scan(work);
  }
  const notes = await ledgerNotes(session, request);
  return {
    runId,
    arm,
    database: account.database,
    stamp,
    models: work.tally.models(),
    kept: summarise(found, work.tally),
    notes,
  };
}

/** runStamp is the prefix of every reference of a run in one arm, as scenarios/lib/ledger.ts creates them. */
export function runStamp(runId: string, arm: Arm): string {
  if (!PLAIN.test(runId)) {
    throw new HarnessError("usage", `the run id \`${runId}\` is not an id of peakproof`, {
      hint: "A run id consists of letters, digits and dashes. Restore run.json of the bundle: cleanup removes all records with this id.",
    });
  }
  return `pp-${runId}-${arm === "baseline" ? "b" : "c"}-`;
}

async function waitForWriters(dsn: string, { signal, progress }: CleanArmRequest): Promise<void> {
  const quiet = await withInvariantsConnection(dsn, (client) => waitForQuiet(client, { limitMs: QUIET_LIMIT_MS, signal }));
  if (!quiet)
    progress.note("other transactions are still writing to the database; the cleanup will miss records that a run still writes");
}

/** odooTime formats a time as Odoo does: UTC without a zone. */
function odooTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace("T", " ");
}

function areasOf({ scenarios }: CleanupWork) {
  return AREAS.filter((area) => area.scenarios.some((name) => scenarios.includes(name)));
}

async function scan(work: CleanupWork): Promise<readonly Trace[]> {
  const found: Trace[] = [];
  for (const area of areasOf(work)) {
    work.signal.throwIfAborted();
    found.push(...(await area.scan(work, [...found])));
  }
  return found;
}

async function clear(work: CleanupWork, found: readonly Trace[], progress: Progress): Promise<void> {
  const areas = areasOf(work);
  for (const [index, area] of areas.entries()) {
    progress.update(index / areas.length, area.label);
    await area.clear(work, found);
  }
}

function left(found: readonly Trace[]): number {
  return found.filter(({ irreversible }) => irreversible === null).length;
}

function summarise(found: readonly Trace[], tally: Tally): readonly KeptRecords[] {
  const groups = new Map<string, { readonly trace: Trace; readonly reason: string; readonly names: string[] }>();
  for (const trace of found) {
    const reason = trace.irreversible ?? tally.refusalOf(trace.model, trace.id) ?? "not undone";
    const key = [trace.model, trace.irreversible === null, reason].join(" ");
    const group = groups.get(key) ?? { trace, reason, names: [] };
    group.names.push(trace.name);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ trace, reason, names }) => ({
    model: trace.model,
    reason,
    irreversible: trace.irreversible !== null,
    count: names.length,
    examples: [...new Set(names)].slice(0, EXAMPLES),
  }));
}

/**
 * ledgerNotes compares the ledger with the database after a cleanup. A record with a changed reference was edited by another
 * user, or the database was restored in the meantime. Each such record is reported and not changed.
 */
async function ledgerNotes(
  session: OdooSession,
  { ledger, arm }: { readonly ledger: readonly LedgerRecord[]; readonly arm: Arm },
): Promise<readonly string[]> {
  const entries = ledgerEntries(ledger, arm);
  const notes: string[] = [];
  for (const [model, field] of Object.entries(REFERENCE_OF)) {
    const own = entries.filter((entry) => entry.model === model && entry.id !== null);
    if (own.length > 0) notes.push(...(await changedRecords(session, { model, field, entries: own })));
  }
  return notes;
}

async function changedRecords(
  session: OdooSession,
  { model, field, entries }: { readonly model: string; readonly field: string; readonly entries: readonly LedgerEntry[] },
): Promise<readonly string[]> {
  const refs = new Map(entries.map(({ id, ref }) => [id, ref]));
  const domain = [["id", "in", entries.map(({ id }) => id)]];
  const records = await searchRead(session, { model, domain, fields: [field] }, z.looseObject({ id: z.number() }));
  return records
    .filter((record) => record[field] !== refs.get(record.id))
    .map(
      ({ id }) => `${model} ${id} of the ledger no longer bears ${refs.get(id) ?? "its reference"}: the record was not changed`,
    );
}
