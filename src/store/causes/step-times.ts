import { ARMS } from "../../domain/arm.ts";
import type { StepTime } from "../../domain/cause-evidence.ts";
import { scenarioUnit } from "../bundle/scenario-unit.ts";
import { blockOf } from "../evidence/evidence-tables.ts";
import type { Database } from "../files/database.ts";
import { number, text } from "../files/database.ts";

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
