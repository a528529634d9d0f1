import type { Database } from "../files/database.ts";

/** What the probe writes at each retry, with its worker; bundles that were recorded before know only how many there were. */
const EACH = "serialization_retry";
const COUNTER = "serialization_retries";

/**
 * loadRetries makes two tables of the transactions that Odoo ran again because another one had changed the same rows:
 *
 * - `retries(run, side, worker, from_ms, at_ms, times)`, `times` retries after `from` and up to `at`;
 * - `retried(id, times)`, the rows of `requests` that were under way then. A retry waits and runs again before its request ends, so
 *   where the worker is known this is the request itself (of a threaded server: the requests that it may have been). Where only
 *   the counter is known it is every request of the arm at that time, and `times` is null: none is chosen by what it cost.
 */
export async function loadRetries(database: Database): Promise<void> {
  await database.run(`create or replace temp table retries as
    with each_one as (
      select run, side, labels['worker'] as worker, at_ms as from_ms, at_ms, 1.0::DOUBLE as times
      from readings where probe = 'odoo' and name = '${EACH}' and side is not null),
    counted as (
      select run, side, at_ms, value, lag(at_ms) over (partition by run, side order by at_ms) as from_ms,
        lag(value) over (partition by run, side order by at_ms) as previous
      from readings where probe = 'odoo' and name = '${COUNTER}' and side is not null)
    select * from each_one
    union all
    select run, side, null, from_ms, at_ms, value - previous from counted
    where value > previous and run not in (select run from each_one)`);
  await database.run(`create or replace temp table retried as
    select q.id, if(bool_and(r.worker is not null), sum(r.times), null) as times
    from requests q join retries r on q.run = r.run and q.side = r.side and (r.worker is null or r.worker = q.worker)
      and q.start_ms <= r.at_ms and q.at_ms >= r.from_ms
    group by q.id`);
}
