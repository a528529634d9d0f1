import { readFileSync } from "node:fs";

import { type Client, DatabaseError } from "pg";

import { waitUntil } from "../machine/run-command.ts";
import { countRows, discardCandidateAfterwards, inCandidate } from "./candidate.ts";
import { type FaultScene, runUntilStopped, type LabFault, notInEffect, notUndone, pause, untilAborted } from "./fault.ts";
import { fetchText } from "./loopback.ts";

/** Every new order and each of its stock moves refers to its warehouse, and waits while another session has locked that row. */
const LOCK = "select id from stock_warehouse for update";
const LOCK_REFUSED = "55P03";
/** Time between two locks, in which the load can continue. */
const UNLOCKED_MS = 400;
const SESSION = "peakproof-drill-idle";
const EVERY_MS = 10_000;
/** Probes and the logins of the load connect in the first seconds. */
const FIRST_AFTER_MS = 6000;
const CUT_EVERY_MS = 50;

const rowLocks: LabFault = {
  id: "row-locks",
  title: "Another session repeatedly locks the row of the warehouse",
  layer: "postgres",
  place: "a session in the candidate's database, during the load",
  unit: `ms that the row is locked, with ${UNLOCKED_MS} ms between`,
  sizes: { small: 300, medium: 1200, large: 4000 },
  inject: (scene) =>
    inCandidate(scene, async (client) => {
      await client.query("begin");
      await client.query(LOCK);
      const code = await inCandidate(scene, (other) => codeOf(other.query(`${LOCK} nowait`)));
      await client.query("rollback");
      if (code !== LOCK_REFUSED) throw notInEffect(`a second session got the lock (${code ?? "no error"})`);
      return "a second session is refused the lock while the first session holds it";
    }),
  disturb: async (scene, amount) =>
    runUntilStopped((stopped) =>
      inCandidate(scene, async (client) => {
        while (!stopped.aborted) {
          await client.query("begin");
          await client.query(LOCK);
          await pause(amount, stopped);
          await client.query("rollback");
          await pause(UNLOCKED_MS, stopped);
        }
      }),
    ),
};

const registryReloads: LabFault = {
  id: "registry-reloads",
  title: "A new registry is signalled repeatedly, and every worker loads it",
  layer: "odoo",
  place: "the signal in the candidate's database, during the load",
  unit: "signals per minute",
  sizes: { small: 2, medium: 6, large: 15 },
  async inject(scene) {
    const before = reloadsOf(scene);
    await signalRegistry(scene);
    await waitUntil("no worker of the candidate loads the registry", () => hasReloaded(scene, before), {
      timeoutMs: 30_000,
      signal: scene.lab.signal,
      hint: "Read the candidate's odoo.log in .lab/arms.",
    });
    return "after one signal a worker of the candidate loaded the registry";
  },
  disturb: async (scene, amount) =>
    runUntilStopped(async (stopped) => {
      const everyMs = 60_000 / amount;
      await pause(everyMs / 2, stopped);
      while (!stopped.aborted) {
        await signalRegistry(scene);
        await pause(everyMs, stopped);
      }
    }),
};

/** SESSION_FAULTS are faults by other sessions of the candidate's database. */
export const SESSION_FAULTS: readonly LabFault[] = [rowLocks, registryReloads];

/**
 * IDLE_TRANSACTION keeps a transaction open. Vacuum may not remove row versions that its snapshot could still see, here those of
 * a row that all requests read.
 */
export const IDLE_TRANSACTION: LabFault = {
  id: "idle-transaction",
  title: "A transaction stays open and idle, so that old versions of the company's row cannot be removed",
  layer: "postgres",
  place: "a session in the candidate's database; another session has rewritten the row many times since",
  unit: "old versions of the row",
  sizes: { small: 10_000, medium: 60_000, large: 200_000 },
  async inject(scene, amount) {
    discardCandidateAfterwards(scene);
    const session = runUntilStopped((stopped) => inCandidate(scene, (client) => stayIdle(client, stopped)));
    scene.afterwards(async () => {
      await session.stop();
      if ((await idleSessions(scene)) > 0) throw notUndone("the idle transaction is still open");
    });
    const limits = { timeoutMs: 15_000, signal: scene.lab.signal, hint: "Read .lab/log/postgres.out." };
    await waitUntil("the transaction is not open", async () => (await idleSessions(scene)) === 1, limits);
    await inCandidate(scene, async (client) => {
      await client.query(rewriteCompany(amount));
      await client.query("vacuum res_company");
    });
    // The server's statistics are updated some hundred milliseconds later.
    await waitUntil("vacuum removed the old versions", async () => (await oldVersions(scene)) >= 0.9 * amount, limits);
    return `a session is idle in its transaction, and after a vacuum res_company still has ${await oldVersions(scene)} old versions`;
  },
};

/** CONNECTION_EXHAUSTION periodically ends Odoo's idle connections and refuses new ones. */
export const CONNECTION_EXHAUSTION: LabFault = {
  id: "connection-exhaustion",
  title: "PostgreSQL refuses connections for some seconds of every ten",
  layer: "postgres",
  place: "the connection limit of the candidate's database, during the load; other connections stay open",
  unit: "s of every 10 s",
  sizes: { small: 0.3, medium: 1.5, large: 4 },
  async inject(scene) {
    discardCandidateAfterwards(scene);
    const { baseUrl } = scene.arms.candidate;
    const ask = async () => (await fetchText(`${baseUrl}/shop`, scene.lab.signal)).status;
    const refused = await withoutConnections(scene, ask);
    const served = await ask();
    if (refused === 200 || served !== 200)
      throw notInEffect(`the shop answered ${refused} without connections, and ${served} afterwards`);
    return `the candidate's shop answers ${refused} while no connection is left`;
  },
  disturb: async (scene, amount) =>
    runUntilStopped(async (stopped) => {
      await pause(FIRST_AFTER_MS, stopped);
      while (!stopped.aborted) {
        await withoutConnections(scene, (client) => cutIdle(scene, client, { forMs: 1000 * amount, stopped }));
        await pause(EVERY_MS - 1000 * amount, stopped);
      }
    }),
};

async function codeOf(query: Promise<unknown>): Promise<string | null> {
  try {
    await query;
    return null;
  } catch (error) {
    if (error instanceof DatabaseError) return error.code ?? null;
    throw error;
  }
}

/** signalRegistry raises the sequence by which Odoo 14 signals a new registry. Each worker reads it before each request. */
async function signalRegistry(scene: FaultScene): Promise<void> {
  await inCandidate(scene, (client) => client.query("select nextval('base_registry_signaling')"));
}

async function hasReloaded(scene: FaultScene, before: number): Promise<boolean> {
  await fetchText(`${scene.arms.candidate.baseUrl}/shop`, scene.lab.signal);
  return reloadsOf(scene) > before;
}

function reloadsOf({ arms }: FaultScene): number {
  const { odooLog } = arms.candidate;
  return odooLog === null ? 0 : readFileSync(odooLog, "utf8").split("Reloading the model registry").length - 1;
}

async function stayIdle(client: Client, stopped: AbortSignal): Promise<void> {
  await client.query(`set application_name = '${SESSION}'`);
  await client.query("begin isolation level repeatable read");
  await client.query("select count(*) from res_company");
  await untilAborted(stopped);
  await client.query("rollback");
}

/**
 * rewriteCompany makes row versions. It finds each version by its physical address (ctid), because finding it by id gets slower
 * with each version.
 */
const rewriteCompany = (times: number) => `do $$
declare place tid;
begin
  select ctid into place from res_company order by id limit 1;
  for turn in 1..${times} loop
    update res_company set write_date = write_date where ctid = place returning ctid into place;
  end loop;
end $$`;

async function idleSessions(scene: FaultScene): Promise<number> {
  const query = "select from pg_stat_activity where application_name = $1 and state = 'idle in transaction'";
  return countRows(scene, query, [SESSION]);
}

async function oldVersions(scene: FaultScene): Promise<number> {
  const query = "select n_dead_tup::float8 as versions from pg_stat_user_tables where relname = 'res_company'";
  return inCandidate(scene, async (client) => (await client.query<{ versions: number }>(query)).rows[0]?.versions ?? 0);
}

/** withoutConnections runs work while the candidate's Odoo cannot open a connection. A superuser still can. */
async function withoutConnections<Result>(scene: FaultScene, work: (client: Client) => Promise<Result>): Promise<Result> {
  const { database } = scene.arms.candidate;
  return scene.lab.withDatabase("postgres", async (client) => {
    await client.query(`alter database ${database} connection limit 0`);
    try {
      await cutOnce(client, database);
      return await work(client);
    } finally {
      await client.query(`alter database ${database} connection limit -1`);
    }
  });
}

/**
 * cutIdle ends idle connections for `forMs`. Running transactions continue, and their connections stay until the work is done.
 */
async function cutIdle(
  scene: FaultScene,
  client: Client,
  { forMs, stopped }: { forMs: number; stopped: AbortSignal },
): Promise<void> {
  const endMs = performance.now() + forMs;
  while (performance.now() < endMs && !stopped.aborted) {
    await cutOnce(client, scene.arms.candidate.database);
    await pause(CUT_EVERY_MS, stopped);
  }
}

async function cutOnce(client: Client, database: string): Promise<void> {
  const where = "datname = $1 and usename = 'odoo' and state = 'idle'";
  await client.query(`select pg_terminate_backend(pid) from pg_stat_activity where ${where}`, [database]);
}
