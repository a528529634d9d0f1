import { type Arm, ARMS } from "../../domain/arm.ts";
import type { Database } from "../files/database.ts";
import { number, numberOrNull, sqlText, text, textOrNull } from "../files/database.ts";
import type { EventRule } from "./event-rules.ts";
import { eventRules } from "./event-rules.ts";

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
