import { expect, test } from "vitest";

import { bundlePaths } from "../../../src/bundle/run/paths.ts";
import { type Arrangement, arrangeRuns, cutBlocks } from "../../../src/evidence/frame/time-axis.ts";
import { runStart } from "../recorded-bundle.ts";

function arranged(loadMs: number, warmupMs: number): Arrangement {
  const counts = { samples: 0, readings: 0, iterations: 0, httpRequests: 0, dropped: 0, summary: null };
  const manifest = {
    ...runStart,
    schemaVersion: 1,
    status: "complete",
    statusReason: null,
    warmupMs,
    loadEndMs: runStart.loadStartMs + loadMs,
    volumes: [],
    counts,
    probes: [],
    invariants: [],
  } as const;
  return arrangeRuns([{ index: 0, arm: null, paths: bundlePaths("b"), manifest }], []);
}

test.each([
  { loadMs: 60_000, warmupMs: 0, blockMs: 10_000, want: 6, widthMs: 10_000 },
  { loadMs: 64_000, warmupMs: 0, blockMs: 10_000, want: 6, widthMs: 64_000 / 6 },
  { loadMs: 80_000, warmupMs: 20_000, blockMs: 10_000, want: 6, widthMs: 10_000 },
  { loadMs: 4000, warmupMs: 0, blockMs: 10_000, want: 1, widthMs: 4000 },
  { loadMs: 20_000, warmupMs: 20_000, blockMs: 10_000, want: 0, widthMs: null },
])("$loadMs ms of load with $warmupMs ms of warm-up are $want equal slices", ({ loadMs, warmupMs, blockMs, want, widthMs }) => {
  const blocks = cutBlocks(arranged(loadMs, warmupMs), { kind: "duet" }, blockMs);
  expect(blocks).toHaveLength(want);
  expect(blocks[0]?.fromMs ?? warmupMs).toBe(warmupMs);
  expect(blocks.at(-1)?.toMs ?? loadMs).toBe(loadMs);
  for (const { fromMs, toMs } of blocks) expect(toMs - fromMs).toBeCloseTo(widthMs ?? 0, 6);
});

test("slots: a block is a whole group of four, after the warm-up and before the end", () => {
  const schedule = { kind: "slots", slotMs: 5000, guardMs: 1000 } as const;
  const blocks = cutBlocks(arranged(95_000, 15_000), schedule, 10_000);
  expect(blocks).toEqual([
    { fromMs: 20_000, toMs: 40_000, runs: [0] },
    { fromMs: 40_000, toMs: 60_000, runs: [0] },
    { fromMs: 60_000, toMs: 80_000, runs: [0] },
  ]);
});
