import { setTimeout as sleep } from "node:timers/promises";

import { Client } from "pg";

import { HarnessError } from "../../domain/error.ts";

/** Long enough for a full look at the stock of a large shop; the connection reads one snapshot and writes nothing. */
const STATEMENT_LIMIT_MS = 120_000;
const CONNECT_LIMIT_MS = 5_000;

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
  // A lost connection fails the query that waits on it; without a listener it would end the process.
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => undefined);
    const { username, host, pathname } = new URL(dsn);
    const reason = error instanceof Error ? error.message : String(error);
    throw new HarnessError(
      "cannot-measure",
      `No connection of the invariants role as ${username}@${host}${pathname}: ${reason}`,
      {
        hint: "Check its address and password, and that the role may log in to the arm's database and read its tables.",
        cause: error,
      },
    );
  }
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** inSnapshot runs work in one transaction that sees a single moment and cannot write. */
export async function inSnapshot<Value>(client: Client, work: () => Promise<Value>): Promise<Value> {
  await client.query("begin isolation level repeatable read read only");
  try {
    return await work();
  } finally {
    await client.query("rollback");
  }
}

/**
 * A transaction that writes holds the lock on its own number until it ends. The lock view shows that to every role, while the
 * activity view hides other users' transactions from all but the monitoring roles.
 */
const WRITERS = `
select count(distinct l.pid)::int as writers
from pg_locks l join pg_stat_activity a on a.pid = l.pid
where l.locktype = 'transactionid' and l.granted and l.mode = 'ExclusiveLock'
  and a.datid = (select oid from pg_database where datname = current_database())`;

/** Looks in a row without a writer that count as quiet, and the time between two looks. */
const QUIET_LOOKS = 3;
const LOOK_EVERY_MS = 300;

/** waitForQuiet waits until nobody writes to the database; false where that did not happen in time. */
export async function waitForQuiet(client: Client, options: { limitMs: number; signal?: AbortSignal }): Promise<boolean> {
  const { limitMs, signal } = options;
  const endMs = performance.now() + limitMs;
  for (let quietLooks = 0; ;) {
    const { rows } = await client.query<{ writers: number }>(WRITERS);
    quietLooks = (rows[0]?.writers ?? 0) === 0 ? quietLooks + 1 : 0;
    if (quietLooks >= QUIET_LOOKS) return true;
    if (performance.now() + LOOK_EVERY_MS > endMs) return false;
    await sleep(LOOK_EVERY_MS, undefined, signal === undefined ? {} : { signal });
  }
}
