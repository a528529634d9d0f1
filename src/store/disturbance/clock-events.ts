import type { ArrangedRun } from "../evidence/arranged-runs.ts";
import type { Database } from "../files/database.ts";
import { number } from "../files/database.ts";
import type { RunEvent } from "./run-event.ts";

/** A step of this size is a fifth to a half of the latency of a page; time services slew what is smaller. */
const STEP_MS = 100;
/** The step lies somewhere between two looks. */
const TICK_MS = 1000;

/**
 * readClockEvents finds runs in which the clock of the loading machine was set. k6 counts what is due from the start of the load by
 * that clock, so every later transaction of both arms is off by the step, and a difference between them looks smaller than it is:
 * the whole time is lost in which the clock is off from where it was when the load began.
 */
export async function readClockEvents(database: Database, runs: readonly ArrangedRun[]): Promise<RunEvent[]> {
  const rows = await database.rows(
    `with looks as (
      select run, at_ms, value, arg_min(value, abs(at_ms - offset_ms)) over (partition by run) as at_start
      from (select p.run, p.at_ms, p.value, r.offset_ms from readings p join runs r using (run) where name = 'clock_drift_ms'))
    select run::DOUBLE as run, min(at_ms) as "firstMs", max(at_ms) as "lastMs", arg_max(value - at_start, abs(value - at_start)) as step
    from looks where abs(value - at_start) > ${STEP_MS} and at_ms >= 0 group by run order by run`,
    { run: number, firstMs: number, lastMs: number, step: number },
  );
  return rows.flatMap(({ run: index, firstMs, lastMs, step }) => {
    const run = runs.find((one) => one.index === index);
    if (run === undefined || lastMs < run.offsetMs || firstMs >= run.toMs) return [];
    const atMs = Math.round(Math.max(run.offsetMs, firstMs - TICK_MS));
    const label = `the clock of the loading machine was set by ${(step / 1000).toFixed(1)} s`;
    const origin = { from: "outside", what: "clock step", amount: 1, unit: "times" } as const;
    const durationMs = Math.min(run.toMs, lastMs + TICK_MS) - atMs;
    return [{ run: index, atMs, durationMs, kind: "clock-step", label, disturbs: true, origin }];
  });
}
