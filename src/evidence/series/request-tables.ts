import type { Database } from "../../bundle/duckdb/database.ts";
import { sql, type Table } from "../../bundle/duckdb/sql.ts";
import { ROUTE_STEPS } from "../../odoo-log/route-step.ts";
import type { EvidenceTables } from "../frame/tables.ts";

/** RequestTables are the requests of Odoo's log, and what is known about each of them. */
export interface RequestTables {
  /**
   * `(id, run, arm, name, value, at_ms, method, route, status, worker, step, scenario, start_ms)`, one row for each reading of a
   * request. The request ended at `at_ms` and was busy from `start_ms` on.
   */
  readonly requests: Table<"requests">;
  /** `(run, arm, worker, from_ms, at_ms, times)`: `times` retries of transactions after `from_ms` and up to `at_ms`. */
  readonly retries: Table<"retries">;
  /** `(id, times)`, the rows of `requests` that were running during a retry; see loadRetried. */
  readonly retried: Table<"retried">;
  /** `(id)`, the rows of `requests` that were the first of their step in their worker. */
  readonly cold: Table<"cold_requests">;
  /** `(id, run, scenario, pair, block, share)`: which transaction made a request; see matchTransactions. */
  readonly requestTransactions: Table<"request_transactions">;
  /** `(run, scenario, pair)`, the pairs from which no counted work is taken; see loadLeftOutPairs. */
  readonly leftOutPairs: Table<"left_out_pairs">;
}

/** isRequestReading says whether a reading describes a single request; other readings are counters. */
export function isRequestReading(reading: string): boolean {
  return reading.startsWith("request_") && !reading.startsWith("request_duration_");
}

/** loadRequestTables reads the requests of Odoo's log. */
export async function loadRequestTables(database: Database, tables: EvidenceTables): Promise<RequestTables> {
  const requests = await loadRequests(database, tables);
  const retries = await loadRetries(database, tables);
  const retried = await loadRetried(database, { requests, retries });
  const requestTransactions = await matchTransactions(database, tables, requests);
  const cold = await loadColdRequests(database, tables, requests);
  const leftOutPairs = await loadLeftOutPairs(database, { requestTransactions, cold, retried });
  return { requests, retries, retried, cold, requestTransactions, leftOutPairs };
}

async function loadRequests(
  database: Database,
  { readings }: Pick<EvidenceTables, "readings">,
): Promise<RequestTables["requests"]> {
  const routes = await database.tableOf(
    "routes",
    { method: "VARCHAR", route: "VARCHAR", step: "VARCHAR", scenario: "VARCHAR" },
    ROUTE_STEPS.map(({ method, route, step, scenario }) => [method, route, step, scenario]),
  );
  const busyMs = sql`sum(value) filter (name in ('request_sql_ms', 'request_python_ms')) over request`;
  return database.table(
    "requests",
    sql`with logged as (
      select run, arm, name, value, at_ms, labels['method'] as method, labels['route'] as route, labels['status'] as status,
        labels['worker'] as worker
      from ${readings} where arm is not null and probe = 'odoo' and name like 'request\\_%' escape '\\')
    select row_number() over (order by run, arm, at_ms, name, worker, l.method, l.route, status, value) as id, l.*, t.step, t.scenario,
      at_ms - greatest(1, coalesce(${busyMs}, 0) / greatest(1, count(*) filter (name = 'request_python_ms') over request)) as start_ms
    from logged l left join ${routes} t on t.method = l.method and t.route = l.route
    window request as (partition by run, arm, at_ms, worker, l.method, l.route, status)`,
  );
}

/**
 * loadRetries reads the transactions that Odoo ran again because another transaction had changed the same rows. The probe writes
 * `serialization_retry` at each retry, with its worker. Bundles of older versions hold only the counter `serialization_retries`.
 */
async function loadRetries(
  database: Database,
  { readings }: Pick<EvidenceTables, "readings">,
): Promise<RequestTables["retries"]> {
  return database.table(
    "retries",
    sql`with each_one as (
      select run, arm, labels['worker'] as worker, at_ms as from_ms, at_ms, 1.0::DOUBLE as times
      from ${readings} where probe = 'odoo' and name = 'serialization_retry' and arm is not null),
    counted as (
      select run, arm, at_ms, value, lag(at_ms) over (partition by run, arm order by at_ms) as from_ms,
        lag(value) over (partition by run, arm order by at_ms) as previous
      from ${readings} where probe = 'odoo' and name = 'serialization_retries' and arm is not null)
    select * from each_one
    union all
    select run, arm, null, from_ms, at_ms, value - previous from counted
    where value > previous and run not in (select run from each_one)`,
  );
}

/**
 * loadRetried finds the requests that were running during a retry. A retry waits and runs again before its request ends, so where
 * the worker is known the row is the request itself (of a threaded server: the requests that it may have been). Where only the
 * counter is known, every request of the arm at that time is taken and `times` is null: no request is chosen by its cost.
 */
async function loadRetried(
  database: Database,
  { requests, retries }: Pick<RequestTables, "requests" | "retries">,
): Promise<RequestTables["retried"]> {
  return database.table(
    "retried",
    sql`select q.id, if(bool_and(r.worker is not null), sum(r.times), null) as times
    from ${requests} q join ${retries} r on q.run = r.run and q.arm = r.arm and (r.worker is null or r.worker = q.worker)
      and q.start_ms <= r.at_ms and q.at_ms >= r.from_ms
    group by q.id`,
  );
}

/** Lag of the log's clock behind k6's: Odoo logs a request before its answer has reached k6, in whole milliseconds. */
const LOG_SLACK_MS = 20;
/** Width of the buckets that keep the join of requests with transactions small; longer than nearly all transactions. */
const BUCKET_MS = 10_000;

/**
 * matchTransactions finds the transaction that made a request.
 *
 * Where k6 and the log count the same number of requests of a step, the n-th request to end is the same in both, and k6 knows its
 * transaction. Elsewhere the transaction is the one that was running in the request's arm and scenario when the request ended.
 * Where several were running, each gets an equal share, so that sums stay the same.
 */
async function matchTransactions(
  database: Database,
  { samples, transactions }: Pick<EvidenceTables, "samples" | "transactions">,
  requests: RequestTables["requests"],
): Promise<RequestTables["requestTransactions"]> {
  return database.table(
    "request_transactions",
    sql`with sent as (
      select run, arm, scenario, step, pair, block, row_number() over (of_step order by end_ms) as place, count(*) over of_step as total
      from ${samples} where metric = 'peakproof_step' and arm is not null and pair is not null
      window of_step as (partition by run, arm, step)),
    logged as (
      select id, run, arm, step, row_number() over (of_step order by at_ms, id) as place, count(*) over of_step as total
      from ${requests} where step is not null
      window of_step as (partition by run, arm, step, name)),
    ranked as (
      select l.id, l.run, s.scenario, s.pair, s.block, 1.0 as share from logged l join sent s
        on l.run = s.run and l.arm = s.arm and l.step = s.step and l.place = s.place and l.total = s.total),
    spread as (
      select *, unnest(range((at_ms // ${BUCKET_MS})::BIGINT, (end_ms // ${BUCKET_MS})::BIGINT + 1)) as bucket from ${transactions})
    select * from ranked
    union all
    select q.id, q.run, t.scenario, t.pair, t.block, 1.0 / count(*) over (partition by q.id) as share
    from ${requests} q join spread t on q.run = t.run and q.arm = t.arm and q.scenario = t.scenario
      and (q.at_ms // ${BUCKET_MS})::BIGINT = t.bucket and q.at_ms >= t.at_ms and q.at_ms <= t.end_ms + ${LOG_SLACK_MS}
    where q.id not in (select id from ranked)`,
  );
}

/** Requests of a step that a worker needs to fill its caches. */
const COLD_USES = 1;

/** A worker that was warm in an earlier round of its campaign is still warm. */
async function loadColdRequests(
  database: Database,
  { runs }: Pick<EvidenceTables, "runs">,
  requests: RequestTables["requests"],
): Promise<RequestTables["cold"]> {
  return database.table(
    "cold_requests",
    sql`select id from ${requests} q join ${runs} r using (run) where worker is not null and step is not null
    qualify row_number() over (partition by r.campaign, q.arm, worker, step, name order by q.at_ms, id) <= ${COLD_USES}`,
  );
}

/**
 * loadLeftOutPairs finds the pairs from which no counted work is taken, in neither arm. A pair is left out where one of its
 * requests
 *
 * - was among the first of its step in its worker. These requests fill the worker's caches of views, access rules and records,
 *   and chance decides which arm runs the statements for that;
 * - was run again after a serialization failure: its statements are then those of two transactions. The frequency of retries is
 *   judged separately.
 */
async function loadLeftOutPairs(
  database: Database,
  { requestTransactions, cold, retried }: Pick<RequestTables, "requestTransactions" | "cold" | "retried">,
): Promise<RequestTables["leftOutPairs"]> {
  return database.table(
    "left_out_pairs",
    sql`select distinct run, scenario, pair from ${requestTransactions}
    where pair is not null and (id in (select id from ${cold}) or id in (select id from ${retried}))`,
  );
}
