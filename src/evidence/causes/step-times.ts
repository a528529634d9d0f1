import { type Database, number, text } from "../../bundle/files/database.ts";
import { ARMS } from "../../domain/arm.ts";
import type { StepOutcome, StepTime } from "../../domain/judgement/causes.ts";
import { scenarioUnit } from "../../domain/load/scenario-unit.ts";
import { blockOf } from "../frame/tables.ts";

/**
 * readStepTimes adds up, step by step and block by block, what k6 and Odoo's log say of the same requests. Needs `sent_steps`,
 * `cold_pairs`, `worker_waits` and the tables of readSeries.
 *
 * Pairs with a worker's first use of a step are left out on both sides. Requests that Odoo ran again stay, apart from the others:
 * the client waited for them. Failed requests are in neither, as far as the log tells them by their status. Sums are taken in a
 * fixed order, so that the last digits are the same each time.
 */
export async function readStepTimes(database: Database): Promise<StepTime[]> {
  await database.run(`create or replace temp table client_times as
    select s.side, s.scenario, s.step, s.block, count(*)::DOUBLE as requests,
      sum(s.value order by s.at_ms, s.value) as client_ms, sum(s.late_ms order by s.at_ms, s.value) as late_ms
    from sent_steps s left join cold_pairs c on s.run = c.run and s.scenario = c.scenario and s.pair = c.pair
    where s.outcome = 'ok' and s.block is not null and c.run is null group by all`);
  await loadLogTimes(database);
  const rows = await database.rows(
    `select side, scenario, step, block::DOUBLE as block, requests, client_ms as "clientMs", late_ms as "lateMs",
      coalesce(logged, 0)::DOUBLE as logged, coalesce(python_ms, 0)::DOUBLE as "pythonMs", coalesce(sql_ms, 0)::DOUBLE as "sqlMs",
      coalesce(statements, 0)::DOUBLE as statements, coalesce(retried, 0)::DOUBLE as retried,
      coalesce(retried_ms, 0)::DOUBLE as "retriedMs", coalesce(queue_known, 0)::DOUBLE as "queueKnown",
      coalesce(queue_ms, 0)::DOUBLE as "queueMs"
    from client_times left join log_times using (side, scenario, step, block) order by side, scenario, step, block`,
    {
      side: text,
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
  return rows.flatMap(({ side, ...row }) =>
    ARMS.filter((arm) => arm === side).map((arm) => ({ arm, ...row, service: scenarioUnit(row.scenario).service })),
  );
}

/** A request counts in the block of its transaction, as its statements do; one that may be of several counts in parts. */
async function loadLogTimes(database: Database): Promise<void> {
  const total = (value: string, when: string) => `sum(${value} order by id) filter (where ${when})`;
  const once = (name: string) => `name = '${name}' and not again`;
  await database.run(`create or replace temp table log_times as
    with placed as (
      select t.id, t.block, t.share from request_transactions t
      left join cold_pairs c on t.run = c.run and t.scenario = c.scenario and t.pair = c.pair where c.run is null
      union all
      select q.id, ${blockOf("q.at_ms")}, 1.0 from requests q asof left join blocks b on q.run = b.run and q.at_ms >= b.from_ms
      where q.id not in (select id from request_transactions)),
    spent as (
      select q.id, q.side, q.scenario, q.step, q.name, q.value, p.block, p.share, r.id is not null as again, w.queue_ms
      from requests q join placed p using (id) left join retried r using (id) left join worker_waits w using (id)
      where q.step is not null and q.scenario is not null and p.block is not null
        and coalesce(try_cast(q.status as INTEGER), 200) < 400)
    select side, scenario, step, block,
      ${total("share", once("request_python_ms"))} as logged,
      ${total("value * share", once("request_python_ms"))} as python_ms,
      ${total("value * share", once("request_sql_ms"))} as sql_ms,
      ${total("value * share", once("request_statements"))} as statements,
      ${total("share", "name = 'request_python_ms' and again")} as retried,
      ${total("value * share", "name in ('request_python_ms', 'request_sql_ms') and again")} as retried_ms,
      ${total("share", "queue_ms is not null")} as queue_known,
      ${total("queue_ms * share", "queue_ms is not null")} as queue_ms
    from spent group by all`);
}

/**
 * loadSentSteps makes two tables:
 *
 * - `sent_steps(run, side, scenario, step, block, pair, at_ms, end_ms, value, outcome, late_ms)`, the requests as k6 saw them. k6
 *   adds the late start of a transaction to its first step; `late_ms` is that part of `value`;
 * - `cold_pairs(run, scenario, pair)`, those with a worker's first use of a step.
 */
export async function loadSentSteps(database: Database): Promise<void> {
  await database.run(`create or replace temp table sent_steps as
    with late as (
      select run, side, scenario, pair, max(value) as late_ms from samples
      where metric = 'peakproof_start_lag' and side is not null and pair is not null group by all),
    steps as (
      select run, side, coalesce(scenario, '') as scenario, step, block, pair, at_ms, end_ms, value,
        coalesce(outcome, 'ok') as outcome,
        row_number() over (partition by run, side, scenario, pair order by at_ms, end_ms, step) as place
      from samples where metric = 'peakproof_step' and side is not null and step is not null)
    select s.* exclude (place), if(place = 1, least(s.value, coalesce(l.late_ms, 0)), 0) as late_ms
    from steps s left join late l on s.run = l.run and s.side = l.side and s.scenario = l.scenario and s.pair = l.pair`);
  await database.run(`create or replace temp table cold_pairs as
    select distinct run, scenario, pair from request_transactions
    where pair is not null and id in (select id from cold_requests)`);
}

/** readStepOutcomes counts how the requests of each step ended in the measured load. */
export async function readStepOutcomes(database: Database): Promise<StepOutcome[]> {
  const rows = await database.rows(
    `select side, scenario, step, outcome, count(*)::DOUBLE as count from sent_steps
    where block is not null group by all order by all`,
    { side: text, scenario: text, step: text, outcome: text, count: number },
  );
  return rows.flatMap(({ side, ...row }) =>
    ARMS.filter((arm) => arm === side).map((arm) => ({ arm, ...row, service: scenarioUnit(row.scenario).service })),
  );
}

/**
 * Requests of one worker overlap by no more than the log's rounding of seconds to milliseconds; where more do, and more often
 * than a broken clock explains, a process serves several requests at a time.
 */
const OVERLAP_MS = 5;
const MOST_OVERLAPS = 0.02;

/**
 * loadWorkerWaits makes the table `worker_waits(id, queue_ms)`: how long a request waited while all workers of its arm were busy.
 *
 * Odoo's own clock starts when a worker takes the request, and k6's when it was sent. What lies between them is ingress, network
 * and queue; it was a queue as long as no worker was free. A worker is busy from the start of a request to its line in the log,
 * which tells its process, so the moments are known at which all were. Every process that served in the run counts as a worker,
 * so that one which was replaced makes the queue look shorter and never longer. Servers whose processes serve several requests at
 * a time (threads) have no such workers, and steps that k6 and the log do not count alike cannot be matched: both get no rows.
 */
export async function loadWorkerWaits(database: Database): Promise<void> {
  await database.run(`create or replace temp table worker_levels as
    with served as (
      select run, side, worker, start_ms, at_ms, start_ms < lag(at_ms) over one_worker - ${OVERLAP_MS} as is_early
      from requests where name = 'request_python_ms' and worker is not null
      window one_worker as (partition by run, side, worker order by at_ms, start_ms)),
    servers as (
      select run, side, count(distinct worker) as workers from served
      group by run, side having avg(if(is_early, 1, 0)) <= ${MOST_OVERLAPS}),
    changes as (
      select run, side, from_ms, sum(change) as change from (
        select run, side, start_ms as from_ms, 1 as change from served
        union all
        select run, side, at_ms, -1 from served) group by all),
    levels as (
      select run, side, from_ms, lead(from_ms) over in_time as to_ms, sum(change) over in_time as busy from changes
      window in_time as (partition by run, side order by from_ms)),
    known as (select l.*, l.busy >= s.workers as is_full from levels l join servers s using (run, side))
    select run, side, from_ms, is_full,
      coalesce(sum(if(is_full, to_ms - from_ms, 0)) over earlier, 0) as full_before_ms
    from known window earlier as (partition by run, side order by from_ms rows between unbounded preceding and 1 preceding)`);
  await database.run(`create or replace temp table worker_waits as
    with sent as (
      select run, side, step, at_ms + late_ms as sent_ms, value - late_ms as client_ms,
        row_number() over (of_step order by end_ms, at_ms) as place, count(*) over of_step as total
      from sent_steps window of_step as (partition by run, side, step)),
    logged as (
      select id, run, side, step, start_ms, at_ms - start_ms as busy_ms,
        row_number() over (of_step order by at_ms, id) as place, count(*) over of_step as total
      from requests where name = 'request_python_ms' and step is not null
      window of_step as (partition by run, side, step)),
    matched as (
      select l.id, l.run, l.side, l.start_ms, s.sent_ms, greatest(0, s.client_ms - l.busy_ms) as outside_ms
      from logged l join sent s using (run, side, step, place, total)),
    begun as (
      select m.*, full_before_ms + if(is_full, start_ms - from_ms, 0) as full_ms
      from matched m asof join worker_levels w on m.run = w.run and m.side = w.side and m.start_ms >= w.from_ms)
    select u.id, least(u.outside_ms, greatest(0,
        u.full_ms - coalesce(w.full_before_ms + if(w.is_full, u.sent_ms - w.from_ms, 0), 0))) as queue_ms
    from begun u asof left join worker_levels w on u.run = w.run and u.side = w.side and u.sent_ms >= w.from_ms`);
}
