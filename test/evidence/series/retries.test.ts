import { join } from "node:path";

import { expect, test } from "vitest";

import type { Arm } from "../../../src/domain/arm.ts";
import type { Evidence } from "../../../src/domain/judgement/evidence.ts";
import type { Indicator } from "../../../src/domain/judgement/indicator.ts";
import type { Reading } from "../../../src/domain/reading.ts";
import { temporaryFolder } from "../recorded-bundle.ts";
import { atRun, pairsOf, recordEvidence } from "../recorded-orders.ts";

const folder = temporaryFolder();

const indicator: Indicator = {
  id: "platform.serialization-retries",
  quantity: "retries",
  label: "all services: retried share",
  unit: "ratio",
  better: "lower",
  service: "platform",
  layer: "postgres",
  kind: "error",
  margin: { relative: 0, absolute: 0.1 },
  gate: true,
  minimumCount: 1,
  source: { kind: "count", event: "serialization-retry", scenario: null, step: null },
};

function counter(arm: Arm, looks: readonly (readonly [number, number])[]): Reading[] {
  return looks.map(([atMs, value]) => reading(arm, "serialization_retries", { atMs, value, labels: {} }));
}

function each(arm: Arm, atMs: number): Reading {
  return reading(arm, "serialization_retry", { atMs, value: 1, labels: { worker: "7" } });
}

function reading(arm: Arm, name: string, of: { atMs: number; value: number; labels: Record<string, string> }): Reading {
  return { timeMs: atRun(of.atMs), arm, probe: "odoo", name, labels: of.labels, value: of.value };
}

async function counts(name: string, readings: readonly Reading[]): Promise<Record<Arm, number[][]>> {
  const evidence: Evidence = await recordEvidence(join(folder, name), { orders: pairsOf(), indicator, readings });
  const of = (arm: Arm) =>
    (evidence.series[0]?.blocks[arm] ?? []).map((block) => (block.kind === "count" ? [block.events, block.exposure] : []));
  return { baseline: of("baseline"), candidate: of("candidate") };
}

test("retries count against the transactions of their block, also where only their number was recorded", async () => {
  const zero = counter("baseline", [
    [0, 0],
    [7000, 0],
  ]);
  const told = await counts("told", [
    ...zero,
    ...counter("candidate", [
      [0, 0],
      [7000, 2],
    ]),
    each("candidate", 300),
    each("candidate", 4500),
  ]);
  expect(told).toEqual({
    baseline: [
      [0, 4],
      [0, 4],
      [0, 4],
      [0, 0],
    ],
    candidate: [
      [1, 4],
      [0, 4],
      [1, 4],
      [0, 0],
    ],
  });
  const number = await counts("number", [
    ...zero,
    ...counter("candidate", [
      [0, 0],
      [500, 1],
      [4500, 1],
      [4700, 2],
    ]),
  ]);
  expect(number).toEqual(told);
});

test("many retries of few transactions are all of them, and not a block that is left out", async () => {
  const readings = ["baseline", "candidate"] as const;
  const none = readings.flatMap((arm) =>
    counter(arm, [
      [0, 0],
      [7000, 0],
    ]),
  );
  const many = Array.from({ length: 9 }, (_, index) => each("candidate", 2100 + index));
  expect((await counts("many", [...none, ...many])).candidate[1]).toEqual([4, 4]);
});

test("an arm whose log was not read has no retries that were counted, which is not zero retries", async () => {
  const { baseline, candidate } = await counts(
    "silent",
    counter("baseline", [
      [0, 0],
      [7000, 0],
    ]),
  );
  expect(baseline.slice(0, 3)).toEqual([
    [0, 4],
    [0, 4],
    [0, 4],
  ]);
  expect(candidate).toEqual([
    [0, 0],
    [0, 0],
    [0, 0],
    [0, 0],
  ]);
});
