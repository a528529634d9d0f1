import { arm, type Database, number, orNull, text } from "../../bundle/duckdb/database.ts";
import { sql } from "../../bundle/duckdb/sql.ts";
import type { Arm } from "../../domain/arm.ts";
import type { EvidenceTables } from "../frame/tables.ts";
import type { ArrangedRun } from "../frame/time-axis.ts";
import { type EventRule, eventRules, type RunEvent } from "./event-rules.ts";

/** SeenEvent is a period in which readings showed one kind of event. */
export interface SeenEvent {
  readonly rule: EventRule;
  readonly run: number;
  readonly arm: Arm | null;
  /** The role that did it: `odoo`, `other`, `server`; null where the reading does not name it. */
  readonly by: string | null;
  readonly fromMs: number;
  readonly toMs: number;
  /** Milliseconds at work, or times. */
  readonly amount: number;
}

/** Probes read once a second. Two readings that show an event at most this far apart show the same event. */
const TICK_MS = 1000;
const ONE_EVENT_MS = 3000;

/**
 * readSeenEvents finds the periods in which readings changed, or were above zero, as the rules require. Maintenance by the server
 * itself is autovacuum, which has a separate reading and rule.
 */
export async function readSeenEvents(database: Database, { readings }: Pick<EvidenceTables, "readings">): Promise<SeenEvent[]> {
  const names = [...new Set(eventRules.map(({ reading }) => reading))];
  const levels = [...new Set(eventRules.filter(({ when }) => when === "level").map(({ reading }) => reading))];
  const rows = await database.rows(
    sql`with observed as (
      select run, arm, name, labels['kind'] as work, labels['by'] as done_by, at_ms, max(value) as value from ${readings}
      where name in ${names} and coalesce(labels['by'], '') <> 'server' group by all),
    followed as (
      select *, lag(at_ms) over counter as previous_ms, lag(value) over counter as previous from observed
      window counter as (partition by run, arm, name, work, done_by order by at_ms))
    select run, arm, name, work, done_by as "by", at_ms, value, previous_ms, previous
    from followed where if(name in ${levels}, value > 0, value <> previous)
    order by run, at_ms, name, arm, work, done_by`,
    {
      run: number,
      arm: orNull(arm),
      name: text,
      work: orNull(text),
      by: orNull(text),
      atMs: number,
      value: number,
      previousMs: orNull(number),
      previous: orNull(number),
    },
  );
  const events = rows.flatMap((row) => {
    const rule = eventRules.find(({ reading, work }) => reading === row.name && (work === undefined || work === row.work));
    return rule === undefined ? [] : seen(rule, row);
  });
  return join(events).filter(({ rule, amount }) => amount >= rule.shortest);
}

interface Observed extends Pick<SeenEvent, "run" | "arm" | "by"> {
  readonly atMs: number;
  readonly value: number;
  readonly previousMs: number | null;
  readonly previous: number | null;
}

function seen(rule: EventRule, observed: Observed): SeenEvent[] {
  const { run, arm: of, by, atMs, value, previousMs, previous } = observed;
  const common = { rule, run, arm: of, by };
  if (rule.when === "level") return [{ ...common, fromMs: atMs, toMs: atMs + TICK_MS, amount: value * TICK_MS }];
  const growth = value - (previous ?? value);
  const occurred = rule.when === "change" || (rule.when === "rise" ? growth > 0 : growth < 0);
  if (!occurred) return [];
  const amount = rule.when === "rise" ? growth : 1;
  return [{ ...common, fromMs: previousMs ?? atMs, toMs: atMs + rule.tailMs, amount }];
}

/** join merges events that follow each other closely. */
function join(events: readonly SeenEvent[]): SeenEvent[] {
  const merged = new Map<string, SeenEvent[]>();
  for (const event of events) {
    const key = [event.run, event.arm, event.rule.what, event.by].join(" ");
    const own = merged.get(key) ?? [];
    const last = own.at(-1);
    if (last !== undefined && event.fromMs - last.toMs <= ONE_EVENT_MS) {
      own[own.length - 1] = { ...last, toMs: Math.max(last.toMs, event.toMs), amount: last.amount + event.amount };
    } else own.push(event);
    merged.set(key, own);
  }
  return [...merged.values()].flat();
}

/** A step of this size is a fifth to a half of the latency of a page. Time services slew the clock where the error is smaller. */
const STEP_MS = 100;

/**
 * readClockEvents finds runs in which the clock of the loading machine was set. k6 computes due times from the start of the load
 * by that clock, so the times of all later transactions of both arms are wrong by the step, and a difference between the arms
 * looks smaller than it is. The whole period is lost in which the clock differs from its value at the start of the load.
 */
export async function readClockEvents(
  database: Database,
  tables: Pick<EvidenceTables, "readings" | "runs">,
  runs: readonly ArrangedRun[],
): Promise<RunEvent[]> {
  const rows = await database.rows(
    sql`with drifts as (
      select run, at_ms, value, arg_min(value, abs(at_ms - offset_ms)) over (partition by run) as at_start
      from (select p.run, p.at_ms, p.value, r.offset_ms
        from ${tables.readings} p join ${tables.runs} r using (run) where name = 'clock_drift_ms'))
    select run, min(at_ms) as first_ms, max(at_ms) as last_ms, arg_max(value - at_start, abs(value - at_start)) as step
    from drifts where abs(value - at_start) > ${STEP_MS} and at_ms >= 0 group by run order by run`,
    { run: number, firstMs: number, lastMs: number, step: number },
  );
  return rows.flatMap(({ run: index, firstMs, lastMs, step }) => {
    const run = runs.find((one) => one.index === index);
    if (run === undefined || lastMs < run.offsetMs || firstMs >= run.toMs) return [];
    const atMs = Math.round(Math.max(run.offsetMs, firstMs - TICK_MS));
    const label = `the clock of the loading machine was set by ${(step / 1000).toFixed(1)} s`;
    const origin = { from: "outside", what: "clock step", amount: 1, unit: "times" } as const;
    const durationMs = Math.min(run.toMs, lastMs + TICK_MS) - atMs;
    return [{ run: index, atMs, durationMs, kind: "clock-step", label, disturbs: "clock-step", origin }];
  });
}
