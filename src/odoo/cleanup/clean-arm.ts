import { setTimeout as sleep } from "node:timers/promises";

import type { Arm } from "../../domain/arm.ts";
import type { CleanedArm, KeptRecords, LedgerRecord } from "../../domain/load/ledger.ts";
import type { ScenarioName } from "../../domain/load/plan.ts";
import type { Progress } from "../../domain/progress.ts";
import { readServerFacts } from "../capabilities/read-server-facts.ts";
import { withInvariantsConnection } from "../invariants/invariants-connection.ts";
import { waitForQuiet } from "../invariants/quiet.ts";
import { type OdooAccount, openOdooSession } from "../odoo-session.ts";
import { requireMarker, requireMarkerInDatabase } from "../require-marker.ts";
import { AREAS } from "./areas.ts";
import type { CleanupWork } from "./cleanup-area.ts";
import { cleanupFacts } from "./cleanup-facts.ts";
import { ledgerNotes } from "./ledger-notes.ts";
import { requireRights } from "./require-rights.ts";
import { runStamp } from "./run-stamp.ts";
import { createTally, type Tally } from "./tally.ts";
import type { Trace } from "./trace.ts";

export interface CleanArmRequest {
  readonly account: OdooAccount & { readonly invariantsDsn: string | null };
  /** The login with which the run loaded. */
  readonly loadedBy: string;
  readonly runId: string;
  readonly arm: Arm;
  /** What the run loaded. */
  readonly scenarios: readonly ScenarioName[];
  /** No record of the run is older: epoch milliseconds. */
  readonly sinceMs: number;
  readonly ledger: readonly LedgerRecord[];
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Time between two rounds of a cleanup. */
  readonly pauseMs?: number;
}

/** A record may appear while others are removed: Odoo still worked on requests of a loader that was killed. */
const ROUNDS = 3;
const PAUSE_MS = 2_000;

/** Longest wait for one call: to return a wave or to take back fifty counts takes seconds. */
const CALL_LIMIT_MS = 120_000;
const QUIET_LIMIT_MS = 30_000;

const EXAMPLES = 5;

/**
 * cleanArm undoes what a run wrote to one arm's database, and scans for what is left, by the run's stamp alone. A cleanup that
 * was killed is just started again; where nothing can be undone any more, nothing is written.
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

async function waitForWriters(dsn: string, { signal, progress }: CleanArmRequest): Promise<void> {
  const quiet = await withInvariantsConnection(dsn, (client) => waitForQuiet(client, { limitMs: QUIET_LIMIT_MS, signal }));
  if (!quiet) progress.note("the database is being written to all the time; what a run is still writing now will be missed");
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

/** Odoo writes times in UTC without a zone. */
function odooTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace("T", " ");
}
