import type { Database } from "../../bundle/files/database.ts";
import { readEvents } from "../../bundle/run/events.ts";
import type { Arm } from "../../domain/arm.ts";
import type { ArrangedRun, Arrangement, BlockSpan } from "../frame/time-axis.ts";
import type { CounterGrowth } from "../series/counters.ts";
import type { EventOrigin, RunEvent } from "./event-rules.ts";
import { readPressureEvents } from "./pressure-events.ts";
import { readClockEvents, readSeenEvents, type SeenEvent } from "./reading-events.ts";

/** readRunEvents collects what the bundles were told of and what their readings tell, in the order of time. */
export async function readRunEvents(
  database: Database,
  { runs }: Arrangement,
  options: { growths: readonly CounterGrowth[]; blocks: readonly BlockSpan[] },
): Promise<RunEvent[]> {
  const told: RunEvent[] = [];
  for (const { index, paths, loadStartMs, offsetMs } of runs) {
    for (const { timeMs, ...event } of await readEvents(paths.events)) {
      const atMs = timeMs - loadStartMs + offsetMs;
      told.push({ ...event, run: index, atMs, disturbs: event.kind === "disturbance" });
    }
  }
  return [
    ...told,
    ...placeEvents(await readSeenEvents(database), runs),
    ...(await readClockEvents(database, runs)),
    ...(await readPressureEvents(database, options.growths, options.blocks)),
  ].sort((a, b) => a.atMs - b.atMs || compare(a.kind, b.kind) || compare(a.label, b.label));
}

function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

/**
 * placeEvents says of each event whose doing it was, and whether it takes blocks out.
 *
 * A release may cause registry reloads, cron jobs, index builds, even the end of its own server. If such an event took blocks out
 * whenever it hits the candidate, a candidate that harms itself would be judged by the minutes in which it does not. So:
 *
 * - from outside (a restart of PostgreSQL or Redis, another role's backup or index build): the blocks are left out;
 * - as much of it in both arms: noise that they share, left in, as it is in every estimate of the noise;
 * - in the baseline alone: left out. Left in, it would make the baseline slow and so excuse the candidate;
 * - in the candidate alone: left in, and named in a fact. If it was chance, it only makes a pass harder to get.
 */
export function placeEvents(seen: readonly SeenEvent[], runs: readonly ArrangedRun[]): RunEvent[] {
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
        disturbs: rule.strong && (from === "outside" || from === "baseline"),
        origin: { from, what: rule.what, amount, unit: rule.unit },
      },
    ];
  });
}

function originOf({ rule, side, by }: SeenEvent, measured: readonly SeenEvent[]): EventOrigin["from"] {
  if (rule.doneBy === "outside" || (rule.doneBy === "by" && by === "other")) return "outside";
  if (side === null || (rule.doneBy === "by" && by === null)) return "shared";
  const own = measured.filter((event) => event.rule === rule && event.by === by);
  const total = (arm: Arm) => own.filter((event) => event.side === arm).reduce((sum, { amount }) => sum + amount, 0);
  const other: Arm = side === "baseline" ? "candidate" : "baseline";
  if (total(side) >= 2 * total(other) + rule.least) return side;
  return "shared";
}

function describe({ rule, side, amount }: SeenEvent): string {
  const where = side === null || rule.doneBy === "outside" ? "" : ` in the ${side}`;
  const size = rule.unit === "ms" ? `, ${(amount / 1000).toFixed(1)} s` : amount > 1 ? `, ${amount} times` : "";
  return `${rule.what}${where}${size}`;
}
