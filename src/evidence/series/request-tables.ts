import { type Database, sqlText } from "../../bundle/files/database.ts";
import { ROUTE_STEPS } from "../../odoo-log/route-step.ts";

/** isRequestReading tells readings of single requests from counters: each stands for itself. */
export function isRequestReading(reading: string): boolean {
  return reading.startsWith("request_") && !reading.startsWith("request_duration_");
}

/**
 * loadRequests makes the table `requests(id, run, side, name, value, start_ms, at_ms, method, route, status, worker, step, scenario)`,
 * one row for each reading of a request in Odoo's log. `at` is when it ended; it began as much earlier as it was busy.
 */
export async function loadRequests(database: Database): Promise<void> {
  await loadRoutes(database);
  const busyMs = "sum(value) filter (name in ('request_sql_ms', 'request_python_ms')) over request";
  await database.run(`create or replace temp table requests as
    with logged as (
      select run, side, name, value, at_ms, labels['method'] as method, labels['route'] as route, labels['status'] as status,
        labels['worker'] as worker
      from readings where side is not null and probe = 'odoo' and name like 'request\\_%' escape '\\')
    select row_number() over (order by run, side, at_ms, name, worker, l.method, l.route, status, value) as id, l.*, t.step, t.scenario,
      at_ms - greatest(1, coalesce(${busyMs}, 0) / greatest(1, count(*) filter (name = 'request_python_ms') over request)) as start_ms
    from logged l left join routes t on t.method = l.method and t.route = l.route
    window request as (partition by run, side, at_ms, worker, l.method, l.route, status)`);
}

async function loadRoutes(database: Database): Promise<void> {
  await database.run(`create or replace temp table routes (method VARCHAR, route VARCHAR, step VARCHAR, scenario VARCHAR)`);
  const rows = ROUTE_STEPS.map(({ method, route, step, scenario }) => {
    const cells = [method, route, step, scenario].map((cell) => (cell === null ? "null" : sqlText(cell)));
    return `(${cells.join(", ")})`;
  });
  if (rows.length > 0) await database.run(`insert into routes values ${rows.join(", ")}`);
}

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

/** How far the log's clock may be behind k6's: Odoo logs a request before its answer has reached k6, in whole milliseconds. */
const LOG_SLACK_MS = 20;
/** Requests of a step that a worker needs to fill its caches. */
const COLD_USES = 1;
/** Width of the buckets that keep the join of requests with transactions small; longer than nearly all transactions. */
const BUCKET_MS = 10_000;

/**
 * findLeftOutPairs makes the table `left_out_pairs(run, scenario, pair)` of the pairs that no counted work is taken from, in neither
 * arm. Needs `requests` and `retried`. A pair is left out where one of its requests
 *
 * - was among the first of its step in its worker: those fill the worker's caches of views, access rules and records, and the
 *   statements that this takes fall on either arm by chance. A worker that was warm in an earlier round of its campaign is warm;
 * - was run again after a serialization failure: its statements are then those of two transactions. How often that happens is
 *   judged by itself.
 */
export async function findLeftOutPairs(database: Database): Promise<void> {
  await matchTransactions(database);
  await database.run(`create or replace temp table cold_requests as
    select id from requests q join runs r using (run) where worker is not null and step is not null
    qualify row_number() over (partition by r.campaign, q.side, worker, step, name order by q.at_ms, id) <= ${COLD_USES}`);
  await database.run(`create or replace temp table left_out_pairs as
    select distinct run, scenario, pair from request_transactions
    where pair is not null and (id in (select id from cold_requests) or id in (select id from retried))`);
}

/**
 * matchTransactions makes the table `request_transactions(id, run, scenario, pair, block, share)`: which transaction made a request.
 *
 * Where k6 and the log count the same requests of a step, the n-th to end is the same request in both, and k6 knows its
 * transaction. Where they do not, it is the transaction that was under way in the request's arm and scenario when the request
 * ended; where several were, each gets an equal part, so that sums stay what they were.
 */
async function matchTransactions(database: Database): Promise<void> {
  await database.run(`create or replace temp table request_transactions as
    with sent as (
      select run, side, scenario, step, pair, block, row_number() over (of_step order by end_ms) as place, count(*) over of_step as total
      from samples where metric = 'peakproof_step' and side is not null and pair is not null
      window of_step as (partition by run, side, step)),
    logged as (
      select id, run, side, step, row_number() over (of_step order by at_ms, id) as place, count(*) over of_step as total
      from requests where step is not null
      window of_step as (partition by run, side, step, name)),
    ranked as (
      select l.id, l.run, s.scenario, s.pair, s.block, 1.0 as share from logged l join sent s
        on l.run = s.run and l.side = s.side and l.step = s.step and l.place = s.place and l.total = s.total),
    spread as (
      select *, unnest(range((at_ms // ${BUCKET_MS})::BIGINT, (end_ms // ${BUCKET_MS})::BIGINT + 1)) as bucket from transactions)
    select * from ranked
    union all
    select q.id, q.run, t.scenario, t.pair, t.block, 1.0 / count(*) over (partition by q.id) as share
    from requests q join spread t on q.run = t.run and q.side = t.side and q.scenario = t.scenario
      and (q.at_ms // ${BUCKET_MS})::BIGINT = t.bucket and q.at_ms >= t.at_ms and q.at_ms <= t.end_ms + ${LOG_SLACK_MS}
    where q.id not in (select id from ranked)`);
}
