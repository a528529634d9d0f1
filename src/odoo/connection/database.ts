import { setTimeout as sleep } from "node:timers/promises";

import { Client } from "pg";

import { HarnessError } from "../../domain/error.ts";

/** Statement timeout. Long enough to check the stock of a large shop; the connection reads one snapshot and writes nothing. */
const STATEMENT_LIMIT_MS = 120_000;
const CONNECT_LIMIT_MS = 5_000;

/** Consecutive readings without a writer that count as quiet, and the time between two readings. */
const QUIET_READINGS = 3;
const READING_EVERY_MS = 300;

/**
 * WRITERS counts the open transactions that have written. A transaction that writes holds the lock on its own transaction id
 * until the transaction ends. `pg_locks` shows this lock to every role; `pg_stat_activity` shows the transactions of other users
 * only to monitoring roles.
 */
const WRITERS = `
select count(distinct l.pid)::int as writers
from pg_locks l join pg_stat_activity a on a.pid = l.pid
where l.locktype = 'transactionid' and l.granted and l.mode = 'ExclusiveLock'
  and a.datid = (select oid from pg_database where datname = current_database())`;

/** withInvariantsConnection runs work on one read-only connection of the invariants role. */
export async function withInvariantsConnection<Value>(dsn: string, work: (client: Client) => Promise<Value>): Promise<Value> {
  const client = new Client({
    connectionString: dsn,
    application_name: "peakproof-invariants",
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    statement_timeout: STATEMENT_LIMIT_MS,
    query_timeout: STATEMENT_LIMIT_MS + 5_000,
    options: "-c default_transaction_read_only=on",
  });
  // A lost connection fails the pending query. Without a listener, the error event would end the process.
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => undefined);
    const { username, host, pathname } = new URL(dsn);
    const reason = error instanceof Error ? error.message : String(error);
    throw new HarnessError("cannot-measure", `The invariants role cannot connect as ${username}@${host}${pathname}: ${reason}`, {
      hint: "Check the address and the password. The role must be able to log in to the arm's database and read its tables.",
      cause: error,
    });
  }
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** inSnapshot runs work in one read-only transaction that sees the database at a single point in time. */
export async function inSnapshot<Value>(client: Client, work: () => Promise<Value>): Promise<Value> {
  await client.query("begin isolation level repeatable read read only");
  try {
    return await work();
  } finally {
    await client.query("rollback");
  }
}

/** waitForQuiet waits until no transaction writes to the database. It returns false if the time limit passes first. */
export async function waitForQuiet(client: Client, options: { limitMs: number; signal?: AbortSignal }): Promise<boolean> {
  const { limitMs, signal } = options;
  const endMs = performance.now() + limitMs;
  for (let quietReadings = 0; ;) {
    const { rows } = await client.query<{ writers: number }>(WRITERS);
    quietReadings = (rows[0]?.writers ?? 0) === 0 ? quietReadings + 1 : 0;
    if (quietReadings >= QUIET_READINGS) return true;
    if (performance.now() + READING_EVERY_MS > endMs) return false;
    await sleep(READING_EVERY_MS, undefined, signal === undefined ? {} : { signal });
  }
}
