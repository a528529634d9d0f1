import { ARMS } from "../../domain/arm.ts";
import type { StepOutcome } from "../../domain/cause-evidence.ts";
import { scenarioUnit } from "../bundle/scenario-unit.ts";
import type { Database } from "../files/database.ts";
import { number, text } from "../files/database.ts";

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
