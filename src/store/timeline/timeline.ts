import type { Block } from "../../domain/evidence.ts";
import type { ServiceVolume } from "../../domain/run.ts";
import type { Timeline } from "../../domain/timeline.ts";
import type { Database } from "../files/database.ts";
import type { RunEvent } from "../disturbance/run-event.ts";
import { cutBins } from "./timeline-bins.ts";
import { readProbeLines } from "./timeline-probes.ts";
import { readLatencyLines, readLoadLines } from "./timeline-samples.ts";

/** readTimeline reads what the report draws over the time of the load. */
export async function readTimeline(
  database: Database,
  options: {
    durationMs: number;
    loadMs: number;
    blocks: readonly Block[];
    volumes: readonly ServiceVolume[];
    events: readonly RunEvent[];
  },
): Promise<Timeline> {
  const { durationMs, loadMs, blocks, volumes, events } = options;
  const bins = cutBins(durationMs);
  await database.run(`create or replace temp table bins (bin INTEGER, from_ms DOUBLE, to_ms DOUBLE)`);
  if (bins.length > 0) {
    const rows = bins.map(({ fromMs, toMs }, bin) => `(${bin}, ${fromMs}, ${toMs})`);
    await database.run(`insert into bins values ${rows.join(", ")}`);
  }
  await database.run(`create or replace temp table binned as
    select s.side, s.scenario, s.step, s.metric, s.value, s.outcome, b.bin, b.to_ms - b.from_ms as width
    from samples s asof join bins b on s.at_ms >= b.from_ms
    where s.at_ms < b.to_ms and s.metric in ('peakproof_transaction', 'peakproof_step', 'iterations')`);
  return {
    durationMs,
    series: [
      ...(await readLoadLines(database, { bins, volumes, loadMs })),
      ...(await readLatencyLines(database, bins)),
      ...(await readProbeLines(database, bins)),
    ],
    events: events.map(({ atMs, kind, label }) => ({ atMs, kind, label })),
    excluded: blocks.flatMap(({ startMs, endMs, disturbance }) =>
      disturbance === null ? [] : [{ startMs, endMs, reason: disturbance }],
    ),
  };
}
