import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";

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
