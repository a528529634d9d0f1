import type { Evaluation } from "../../../src/domain/judgement/evaluation.ts";
import { inventPass } from "./invented-evaluation.ts";
import { inventTimeline } from "./invented-timeline.ts";

const HOUR_MS = 3_600_000;

/** inventHour is a large page: one hour with a point per second and an event per minute. */
export function inventHour(): Evaluation {
  const pass = inventPass();
  const timeline = inventTimeline({ durationMs: HOUR_MS, stepMs: 1000, slowdown: 1.1 });
  return {
    ...pass,
    load: { ...pass.load, loadMs: HOUR_MS, blocks: 360, blocksLeftOut: 30 },
    timeline: {
      ...timeline,
      events: Array.from({ length: 60 }, (_, minute) => ({
        atMs: minute * 60_000 + (minute % 7) * 500,
        kind: "autovacuum",
        label: `autovacuum of sale_order_line, number ${minute + 1}`,
      })),
      excluded: Array.from({ length: 30 }, (_, index) => ({
        startMs: index * 120_000,
        endMs: index * 120_000 + 10_000,
        reason: "CPU steal 9 %",
      })),
    },
  };
}
