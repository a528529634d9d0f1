import type { Database } from "../../bundle/duckdb/database.ts";
import { readEvents } from "../../bundle/run/events.ts";
import type { Arm } from "../../domain/arm.ts";
import type { EvidenceTables } from "../frame/tables.ts";
import type { ArrangedRun, Arrangement, BlockSpan } from "../frame/time-axis.ts";
import type { CounterGrowth } from "../series/counters.ts";
import type { EventOrigin, RunEvent } from "./event-rules.ts";
import { readPressureEvents } from "./pressure-events.ts";
import { readClockEvents, readSeenEvents, type SeenEvent } from "./reading-events.ts";

/** readRunEvents lists the events that the bundles recorded and those that their readings show, in the order of time. */
export async function readRunEvents(
  database: Database,
  tables: Pick<EvidenceTables, "runs" | "readings" | "blocks">,
  options: { arrangement: Arrangement; growths: readonly CounterGrowth[]; blocks: readonly BlockSpan[] },
): Promise<RunEvent[]> {
  const { runs } = options.arrangement;
  const recorded: RunEvent[] = [];
  for (const { index, paths, loadStartMs, offsetMs } of runs) {
    for (const { timeMs, ...event } of await readEvents(paths.events)) {
      const atMs = timeMs - loadStartMs + offsetMs;
      recorded.push({ ...event, run: index, atMs, disturbs: event.kind === "disturbance" ? "disturbed" : null });
    }
  }
  return [
    ...recorded,
    ...placeEvents(await readSeenEvents(database, tables), runs),
    ...(await readClockEvents(database, tables, runs)),
    ...(await readPressureEvents(database, tables, options)),
  ].sort((a, b) => a.atMs - b.atMs || compare(a.kind, b.kind) || compare(a.label, b.label));
}

function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

/**
 * Determines the origin of each event, and whether its blocks are left out.
 *
 * A release may cause registry reloads, cron jobs, index builds, even the end of its server. If the blocks of such an event were
 * always left out, a candidate that harms itself would be judged by the minutes in which it does not. The rules are:
 *
 * - from outside (a restart of PostgreSQL or Redis, another role's backup or index build): the blocks are left out;
 * - equally in both arms: noise that the arms share. The blocks are kept, and the noise is part of every estimate;
 * - in the baseline alone: left out. If the blocks were kept, the baseline would be slow and would excuse the candidate;
 * - in the candidate alone: kept, and named in a fact. If it was chance, it only makes a pass harder to reach.
 */
function placeEvents(seen: readonly SeenEvent[], runs: readonly ArrangedRun[]): RunEvent[] {
  const measured = seen.filter((event) => {
    const run = runs.find(({ index }) => index === event.run);
    return run !== undefined && event.toMs >= run.fromMs && event.fromMs < run.toMs;
  });
  return seen.flatMap((event) => {
    const run = runs.find(({ index }) => index === event.run);
    if (run === undefined || event.toMs < run.offsetMs || event.fromMs >= run.toMs) return [];
    const { rule, amount } = event;
    const from = originOf(event, measured);
    const atMs = Math.round(Math.max(run.offsetMs, event.fromMs));
    return [
      {
        run: event.run,
        atMs,
        durationMs: Math.max(0, Math.min(run.toMs, event.toMs) - atMs),
        kind: rule.kind,
        label: describe(event),
        disturbs: rule.strong && (from === "outside" || from === "baseline") ? rule.kind : null,
        origin: { from, what: rule.what, amount, unit: rule.unit },
      },
    ];
  });
}

function originOf({ rule, arm, by }: SeenEvent, measured: readonly SeenEvent[]): EventOrigin["from"] {
  if (rule.doneBy === "outside" || (rule.doneBy === "by" && by === "other")) return "outside";
  if (arm === null || (rule.doneBy === "by" && by === null)) return "shared";
  const own = measured.filter((event) => event.rule === rule && event.by === by);
  const total = (of: Arm) => own.filter((event) => event.arm === of).reduce((sum, { amount }) => sum + amount, 0);
  const other: Arm = arm === "baseline" ? "candidate" : "baseline";
  if (total(arm) >= 2 * total(other) + rule.least) return arm;
  return "shared";
}

function describe({ rule, arm, amount }: SeenEvent): string {
  const where = arm === null || rule.doneBy === "outside" ? "" : ` in the ${arm}`;
  const size = rule.unit === "ms" ? `, ${(amount / 1000).toFixed(1)} s` : amount > 1 ? `, ${amount} times` : "";
  return `${rule.what}${where}${size}`;
}
