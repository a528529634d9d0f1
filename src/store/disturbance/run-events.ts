import type { Arrangement } from "../evidence/arranged-runs.ts";
import { readEvents } from "../bundle/bundle-event.ts";
import { readClockEvents } from "./clock-events.ts";
import type { CounterGrowth } from "../series/counter-series.ts";
import type { BlockSpan } from "../evidence/cut-blocks.ts";
import type { Database } from "../files/database.ts";
import { placeEvents } from "./event-origin.ts";
import { readPressureEvents } from "./pressure-events.ts";
import { readSeenEvents } from "./reading-events.ts";
import type { RunEvent } from "./run-event.ts";

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
