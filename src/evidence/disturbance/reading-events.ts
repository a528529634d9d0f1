import { type Database, number, numberOrNull, sqlText, text, textOrNull } from "../../bundle/files/database.ts";
import { type Arm, ARMS } from "../../domain/arm.ts";
import type { ArrangedRun } from "../frame/time-axis.ts";
import { type EventRule, eventRules, type RunEvent } from "./event-rules.ts";

/** SeenEvent is a stretch of time in which readings told of one kind of event. */
export interface SeenEvent {
  readonly rule: EventRule;
  readonly run: number;
  readonly side: Arm | null;
  /** Who did it: `odoo`, `other`, `server`; null where the reading does not say. */
  readonly by: string | null;
  readonly fromMs: number;
  readonly toMs: number;
  /** Milliseconds at work, or times. */
  readonly amount: number;
}

/** Probes look once a second; what they see in two looks no further apart than this was one event. */
const TICK_MS = 1000;
const ONE_EVENT_MS = 3000;

/**
 * readSeenEvents finds the stretches in which readings changed, or were above zero, as the rules say. What the server maintains by
 * itself is autovacuum, which has a reading and a rule of its own.
 */
export async function readSeenEvents(database: Database): Promise<SeenEvent[]> {
  const names = [...new Set(eventRules.map(({ reading }) => reading))];
  const levels = [...new Set(eventRules.filter(({ when }) => when === "level").map(({ reading }) => reading))];
  const rows = await database.rows(
    `with looks as (
      select run, side, name, labels['kind'] as work, labels['by'] as done_by, at_ms, max(value) as value from readings
      where name in (${list(names)}) and coalesce(labels['by'], '') <> 'server' group by all),
    followed as (
      select *, lag(at_ms) over counter as previous_ms, lag(value) over counter as previous from looks
      window counter as (partition by run, side, name, work, done_by order by at_ms))
    select run::DOUBLE as run, side, name, work, done_by as "by", at_ms as "atMs", value, previous_ms as "previousMs", previous
    from followed where if(name in (${list(levels)}), value > 0, value <> previous)
    order by run, at_ms, name, side, work, done_by`,
    {
      run: number,
      side: textOrNull,
      name: text,
      work: textOrNull,
      by: textOrNull,
      atMs: number,
      value: number,
      previousMs: numberOrNull,
      previous: numberOrNull,
    },
  );
  const looks = rows.flatMap((row) => {
    const rule = eventRules.find(({ reading, work }) => reading === row.name && (work === undefined || work === row.work));
    const side = ARMS.find((arm) => arm === row.side) ?? null;
    return rule === undefined ? [] : seen(rule, { ...row, side });
  });
  return join(looks).filter(({ rule, amount }) => amount >= rule.shortest);
}

interface Look extends Pick<SeenEvent, "run" | "side" | "by"> {
  readonly atMs: number;
  readonly value: number;
  readonly previousMs: number | null;
  readonly previous: number | null;
}

function seen(rule: EventRule, look: Look): SeenEvent[] {
  const { run, side, by, atMs, value, previousMs, previous } = look;
  const common = { rule, run, side, by };
  if (rule.when === "level") return [{ ...common, fromMs: atMs, toMs: atMs + TICK_MS, amount: value * TICK_MS }];
  const growth = value - (previous ?? value);
  const told = rule.when === "change" || (rule.when === "rise" ? growth > 0 : growth < 0);
  if (!told) return [];
  const amount = rule.when === "rise" ? growth : 1;
  return [{ ...common, fromMs: previousMs ?? atMs, toMs: atMs + rule.tailMs, amount }];
}

/** join makes one event of looks that follow each other closely. */
function join(looks: readonly SeenEvent[]): SeenEvent[] {
  const events = new Map<string, SeenEvent[]>();
  for (const look of looks) {
    const key = [look.run, look.side, look.rule.what, look.by].join(" ");
    const own = events.get(key) ?? [];
    const last = own.at(-1);
    if (last !== undefined && look.fromMs - last.toMs <= ONE_EVENT_MS) {
      own[own.length - 1] = { ...last, toMs: Math.max(last.toMs, look.toMs), amount: last.amount + look.amount };
    } else own.push(look);
    events.set(key, own);
  }
  return [...events.values()].flat();
}

function list(names: readonly string[]): string {
  return names.map((name) => sqlText(name)).join(", ");
}

/** A step of this size is a fifth to a half of the latency of a page; time services slew what is smaller. */
const STEP_MS = 100;

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
