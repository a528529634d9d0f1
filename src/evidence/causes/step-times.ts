import { arm, type Database, number, text } from "../../bundle/duckdb/database.ts";
import { columnName, joined, type Sql, sql, type Table } from "../../bundle/duckdb/sql.ts";
import type { StepOutcome, StepTime } from "../../domain/judgement/causes.ts";
import { scenarioUnit } from "../../domain/load/scenario-unit.ts";
import { blockOf, type EvidenceTables } from "../frame/tables.ts";
import type { RequestTables } from "../series/request-tables.ts";

/**
 * SentSteps is `(run, arm, scenario, step, block, pair, at_ms, end_ms, value, outcome, late_ms)`, the requests as k6 measured
 * them. k6 adds the late start of a transaction to its first step; `late_ms` is that part of `value`.
 */
export type SentSteps = Table<"sent_steps">;

/** `(run, scenario, pair)`, pairs with a worker's first use of a step. */
type ColdPairs = Table<"cold_pairs">;

/** `(arm, scenario, step, block, logged, python_ms, sql_ms, statements, retried, retried_ms, queue_known, queue_ms)`. */
type LogTimes = Table<"log_times">;

/** loadSentSteps finds the requests of all steps among the samples. */
export async function loadSentSteps(database: Database, { samples }: Pick<EvidenceTables, "samples">): Promise<SentSteps> {
  return database.table(
    "sent_steps",
    sql`with late as (
      select run, arm, scenario, pair, max(value) as late_ms from ${samples}
      where metric = 'peakproof_start_lag' and arm is not null and pair is not null group by all),
    steps as (
      select run, arm, coalesce(scenario, '') as scenario, step, block, pair, at_ms, end_ms, value,
        coalesce(outcome, 'ok') as outcome,
        row_number() over (partition by run, arm, scenario, pair order by at_ms, end_ms, step) as place
      from ${samples} where metric = 'peakproof_step' and arm is not null and step is not null)
    select s.* exclude (place), if(place = 1, least(s.value, coalesce(l.late_ms, 0)), 0) as late_ms
    from steps s left join late l on s.run = l.run and s.arm = l.arm and s.scenario = l.scenario and s.pair = l.pair`,
  );
}

/**
 * readStepTimes adds up what k6 and Odoo's log measured of the same requests, by step and block.
 *
 * Pairs with a worker's first use of a step are left out in both arms. Requests that Odoo ran again are kept, but counted
 * separately, because the client waited for them. Failed requests are left out of both, as far as the log shows them by their
 * status. Sums are taken in a fixed order, so that the last digits are the same each time.
 */
export async function readStepTimes(
  database: Database,
  tables: Pick<EvidenceTables, "blocks"> & RequestTables,
  sent: SentSteps,
): Promise<StepTime[]> {
  const coldPairs = await database.table(
    "cold_pairs",
    sql`select distinct run, scenario, pair from ${tables.requestTransactions}
    where pair is not null and id in (select id from ${tables.cold})`,
  );
  const clientTimes = await database.table(
    "client_times",
    sql`select s.arm, s.scenario, s.step, s.block, count(*) as requests,
      sum(s.value order by s.at_ms, s.value) as client_ms, sum(s.late_ms order by s.at_ms, s.value) as late_ms
    from ${sent} s left join ${coldPairs} c on s.run = c.run and s.scenario = c.scenario and s.pair = c.pair
    where s.outcome = 'ok' and s.block is not null and c.run is null group by all`,
  );
  const workerWaits = await loadWorkerWaits(database, { requests: tables.requests, sent });
  const logTimes = await loadLogTimes(database, tables, { coldPairs, workerWaits });
  const known = (column: string) => sql`coalesce(${columnName(column)}, 0) as ${columnName(column)}`;
  const logged = ["logged", "python_ms", "sql_ms", "statements", "retried", "retried_ms", "queue_known", "queue_ms"];
  const rows = await database.rows(
    sql`select arm, scenario, step, block, requests, client_ms, late_ms, ${joined(logged.map(known))}
    from ${clientTimes} left join ${logTimes} using (arm, scenario, step, block) order by arm, scenario, step, block`,
    {
      arm,
      scenario: text,
      step: text,
      block: number,
      requests: number,
      clientMs: number,
      lateMs: number,
      logged: number,
      pythonMs: number,
      sqlMs: number,
      statements: number,
      retried: number,
      retriedMs: number,
      queueKnown: number,
      queueMs: number,
    },
  );
  return rows.map((row) => ({ ...row, service: scenarioUnit(row.scenario).service }));
}

/** A request counts in the block of its transaction, as its statements do. One that may belong to several counts in parts. */
async function loadLogTimes(
  database: Database,
  { requests, requestTransactions, retried, blocks }: Pick<EvidenceTables, "blocks"> & RequestTables,
  { coldPairs, workerWaits }: { coldPairs: ColdPairs; workerWaits: WorkerWaits },
): Promise<LogTimes> {
  const total = (value: Sql, when: Sql) => sql`sum(${value} order by id) filter (where ${when})`;
  const once = (name: string) => sql`name = ${name} and not again`;
  const [share, amount, queueMs] = [sql`share`, sql`value * share`, sql`queue_ms * share`];
  const isQueueKnown = sql`queue_ms is not null`;
  return database.table(
    "log_times",
    sql`with placed as (
      select t.id, t.block, t.share from ${requestTransactions} t
      left join ${coldPairs} c on t.run = c.run and t.scenario = c.scenario and t.pair = c.pair where c.run is null
      union all
      select q.id, ${blockOf(sql`q.at_ms`)}, 1.0
      from ${requests} q asof left join ${blocks} b on q.run = b.run and q.at_ms >= b.from_ms
      where q.id not in (select id from ${requestTransactions})),
    spent as (
      select q.id, q.arm, q.scenario, q.step, q.name, q.value, p.block, p.share, r.id is not null as again, w.queue_ms
      from ${requests} q join placed p using (id) left join ${retried} r using (id) left join ${workerWaits} w using (id)
      where q.step is not null and q.scenario is not null and p.block is not null
        and coalesce(try_cast(q.status as INTEGER), 200) < 400)
    select arm, scenario, step, block,
      ${total(share, once("request_python_ms"))} as logged,
      ${total(amount, once("request_python_ms"))} as python_ms,
      ${total(amount, once("request_sql_ms"))} as sql_ms,
      ${total(amount, once("request_statements"))} as statements,
      ${total(share, sql`name = 'request_python_ms' and again`)} as retried,
      ${total(amount, sql`name in ('request_python_ms', 'request_sql_ms') and again`)} as retried_ms,
      ${total(share, isQueueKnown)} as queue_known,
      ${total(queueMs, isQueueKnown)} as queue_ms
    from spent group by all`,
  );
}

/** readStepOutcomes counts the outcomes of each step's requests in the measured load. */
export async function readStepOutcomes(database: Database, sent: SentSteps): Promise<StepOutcome[]> {
  const rows = await database.rows(
    sql`select arm, scenario, step, outcome, count(*) as count from ${sent}
    where block is not null group by all order by all`,
    { arm, scenario: text, step: text, outcome: text, count: number },
  );
  return rows.map((row) => ({ ...row, service: scenarioUnit(row.scenario).service }));
}

/** `(id, queue_ms)`. */
type WorkerWaits = Table<"worker_waits">;

/**
 * Requests of one worker overlap by no more than the log's rounding of seconds to milliseconds. Where more of them overlap, and
 * more often than an inaccurate clock explains, a process serves several requests at a time.
 */
const OVERLAP_MS = 5;
const MOST_OVERLAPS = 0.02;

/**
 * loadWorkerWaits measures how long a request waited while all workers of its arm were busy.
 *
 * Odoo's clock starts when a worker takes the request, and k6's clock when the request was sent. The time between the two is
 * ingress, network and queue; it was a queue as long as no worker was free. A worker is busy from the start of a request to its
 * line in the log, which names the process, so the moments are known at which all workers were busy. Every process that served in
 * the run counts as a worker, so a worker that was replaced makes the queue look shorter, never longer. Servers whose processes
 * serve several requests at a time (threads) have no such workers, and steps that k6 and the log do not count alike cannot be
 * matched: neither gets rows.
 */
async function loadWorkerWaits(
  database: Database,
  { requests, sent }: Pick<RequestTables, "requests"> & { sent: SentSteps },
): Promise<WorkerWaits> {
  const levels = await loadWorkerLevels(database, requests);
  return database.table(
    "worker_waits",
    sql`with sent as (
      select run, arm, step, at_ms + late_ms as sent_ms, value - late_ms as client_ms,
        row_number() over (of_step order by end_ms, at_ms) as place, count(*) over of_step as total
      from ${sent} window of_step as (partition by run, arm, step)),
    logged as (
      select id, run, arm, step, start_ms, at_ms - start_ms as busy_ms,
        row_number() over (of_step order by at_ms, id) as place, count(*) over of_step as total
      from ${requests} where name = 'request_python_ms' and step is not null
      window of_step as (partition by run, arm, step)),
    matched as (
      select l.id, l.run, l.arm, l.start_ms, s.sent_ms, greatest(0, s.client_ms - l.busy_ms) as outside_ms
      from logged l join sent s using (run, arm, step, place, total)),
    begun as (
      select m.*, full_before_ms + if(is_full, start_ms - from_ms, 0) as full_ms
      from matched m asof join ${levels} w on m.run = w.run and m.arm = w.arm and m.start_ms >= w.from_ms)
    select u.id, least(u.outside_ms, greatest(0,
        u.full_ms - coalesce(w.full_before_ms + if(w.is_full, u.sent_ms - w.from_ms, 0), 0))) as queue_ms
    from begun u asof left join ${levels} w on u.run = w.run and u.arm = w.arm and u.sent_ms >= w.from_ms`,
  );
}

/** `(run, arm, from_ms, is_full, full_before_ms)`: whether all workers were busy from a moment on, and for how long before it. */
async function loadWorkerLevels(database: Database, requests: RequestTables["requests"]): Promise<Table<"worker_levels">> {
  return database.table(
    "worker_levels",
    sql`with served as (
      select run, arm, worker, start_ms, at_ms, start_ms < lag(at_ms) over one_worker - ${OVERLAP_MS} as is_early
      from ${requests} where name = 'request_python_ms' and worker is not null
      window one_worker as (partition by run, arm, worker order by at_ms, start_ms)),
    servers as (
      select run, arm, count(distinct worker) as workers from served
      group by run, arm having avg(if(is_early, 1, 0)) <= ${MOST_OVERLAPS}),
    changes as (
      select run, arm, from_ms, sum(change) as change from (
        select run, arm, start_ms as from_ms, 1 as change from served
        union all
        select run, arm, at_ms, -1 from served) group by all),
    levels as (
      select run, arm, from_ms, lead(from_ms) over in_time as to_ms, sum(change) over in_time as busy from changes
      window in_time as (partition by run, arm order by from_ms)),
    known as (select l.*, l.busy >= s.workers as is_full from levels l join servers s using (run, arm))
    select run, arm, from_ms, is_full,
      coalesce(sum(if(is_full, to_ms - from_ms, 0)) over earlier, 0) as full_before_ms
    from known window earlier as (partition by run, arm order by from_ms rows between unbounded preceding and 1 preceding)`,
  );
}
