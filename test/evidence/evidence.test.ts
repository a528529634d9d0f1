import { join } from "node:path";

import { expect, test } from "vitest";

import type { Arm } from "../../src/domain/arm.ts";
import type { Indicator, Source } from "../../src/domain/judgement/indicator.ts";
import type { Reading } from "../../src/domain/reading.ts";
import { readEvidence, readFacts } from "../../src/evidence/evidence.ts";
import { DUET_LOAD_MS, DUET_START_MS, policy, recordBundle, temporaryFolder } from "./recorded-bundle.ts";

const folder = temporaryFolder();
const bundle = join(folder, "duet");

function indicator(id: string, source: Source): Indicator {
  const margin = { relative: 0.05, absolute: 1 };
  const common = {
    quantity: "latency-p50",
    label: id,
    unit: "ms",
    better: "lower",
    service: "checkout",
    layer: "odoo",
    kind: "latency",
  } as const;
  return { ...common, id, margin, gate: true, minimumCount: 1, source };
}

const indicators = [
  indicator("p50", { kind: "quantile", metric: "peakproof_transaction", scenario: "checkout", step: null, quantile: 0.5 }),
  indicator("step", { kind: "quantile", metric: "peakproof_step", scenario: null, step: "checkout/cart", quantile: 0.5 }),
  indicator("failed", { kind: "count", event: "failed-transaction", scenario: "checkout", step: null }),
  indicator("cpu", { kind: "ratio", reading: "odoo_cpu_ms", labels: {}, per: "transaction", scenario: null }),
  indicator("missing", { kind: "ratio", reading: "nobody_read_this", labels: {}, per: "transaction", scenario: null }),
  indicator("statements", { kind: "ratio", reading: "request_statements", labels: {}, per: "transaction", scenario: "checkout" }),
  indicator("route", {
    kind: "ratio",
    reading: "request_statements",
    labels: { step: "checkout/cart" },
    per: "request",
    scenario: "checkout",
  }),
  indicator("rate", { kind: "ratio", reading: "completed_transactions", labels: {}, per: "minute", scenario: "checkout" }),
];

/** CPU grows by 100 ms a second in the baseline and 200 in the candidate; one reading a second, from before to after the load. */
function counters(arm: Arm, perSecond: number): Reading[] {
  return Array.from({ length: 11 }, (_, second) => {
    const timeMs = DUET_START_MS - 500 + second * 1000;
    return { timeMs, arm, probe: "host", name: "odoo_cpu_ms", labels: {}, value: 5000 + second * perSecond };
  });
}

/** Two requests a second in each arm, of 10 statements in the baseline and 11 in the candidate. */
function requests(arm: Arm, value: number): Reading[] {
  return Array.from({ length: 16 }, (_, index) => ({
    timeMs: DUET_START_MS + 250 + index * 500,
    arm,
    probe: "odoo",
    name: "request_statements",
    labels: { method: "GET", route: "/shop/cart", status: "200" },
    value,
  }));
}

const readings = [
  ...counters("baseline", 100),
  ...counters("candidate", 200),
  ...requests("baseline", 10),
  ...requests("candidate", 11),
];
await recordBundle(bundle, { readings });
const compared = { kind: "together", bundles: [bundle] } as const;
const evidence = await readEvidence(compared, { policy, choose: () => indicators });

function series(id: string) {
  const found = evidence.series.find(({ indicator: { id: own } }) => own === id);
  if (found === undefined) throw new Error(`no series ${id}`);
  return found.blocks;
}

function total(id: string, arm: Arm): { numerator: number; denominator: number } {
  const sums = { numerator: 0, denominator: 0 };
  for (const entry of series(id)[arm]) {
    if (entry.kind !== "ratio") continue;
    sums.numerator += entry.numerator;
    sums.denominator += entry.denominator;
  }
  return sums;
}

test("the facts name what was measured", async () => {
  const facts = await readFacts(compared);
  expect(facts.scenarios).toEqual(["checkout", "order-import"]);
  expect(facts.steps).toEqual(["checkout/cart", "checkout/product", "order-import/confirm", "order-import/create"]);
  expect(facts.readings).toEqual(["completed_transactions", "odoo_cpu_ms", "request_statements"]);
  expect(facts).toMatchObject({ imported: false, arms: ["baseline", "candidate"], plannedPerArm: { checkout: 20 } });
});

test("blocks cover the measured load without gaps", () => {
  expect(evidence.loadMs).toBe(DUET_LOAD_MS);
  expect(evidence.blocks.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
    [0, 2000],
    [2000, 4000],
    [4000, 6000],
    [6000, 8000],
  ]);
});

test("each arm has its own values in each block, and every good transaction is in one of them", () => {
  const { baseline, candidate } = series("p50");
  const counts = [baseline, candidate].map((entries) =>
    entries.reduce((sum, entry) => sum + (entry.kind === "values" ? entry.values.length : 0), 0),
  );
  expect(counts).toEqual([total("rate", "baseline").numerator, total("rate", "candidate").numerator]);
  expect(Math.min(...counts)).toBeGreaterThan(10);
  const values = candidate.flatMap((entry) => (entry.kind === "values" ? entry.values : []));
  expect(Math.min(...values)).toBeGreaterThan(15);
});

test("failures are counted and not measured", () => {
  const entries = [...series("failed").baseline, ...series("failed").candidate];
  const events = entries.reduce((sum, entry) => sum + (entry.kind === "count" ? entry.events : 0), 0);
  const exposure = entries.reduce((sum, entry) => sum + (entry.kind === "count" ? entry.exposure : 0), 0);
  const good = total("rate", "baseline").numerator + total("rate", "candidate").numerator;
  expect(events).toBeGreaterThan(0);
  expect(exposure - events).toBe(good);
});

test("counters are cut at the edges of blocks", () => {
  for (const [arm, perBlock] of [
    ["baseline", 200],
    ["candidate", 400],
  ] as const) {
    const numerators = series("cpu")[arm].map((entry) => (entry.kind === "ratio" ? entry.numerator : null));
    for (const numerator of numerators) expect(numerator).toBeCloseTo(perBlock, 6);
  }
});

test("work of requests is attributed to transactions without losing any", () => {
  expect(total("statements", "baseline").numerator).toBeCloseTo(160, 6);
  expect(total("statements", "candidate").numerator).toBeCloseTo(176, 6);
  expect(total("route", "candidate").numerator / total("route", "candidate").denominator).toBeCloseTo(11, 9);
});

test("what nobody measured is 0/0 and not zero work", () => {
  expect(new Set(series("missing").candidate.map((entry) => JSON.stringify(entry)))).toEqual(
    new Set(['{"kind":"ratio","numerator":0,"denominator":0}']),
  );
});

test("a whole quiet run has nothing against it but that its host is unknown, and which requests its CPU time went to", () => {
  expect(evidence.validity.map(({ code }) => code)).toEqual(["host-unknown", "work-unweighed"]);
});

test("the same bundle gives the same evidence", async () => {
  const again = await readEvidence(compared, { policy, choose: () => indicators });
  expect(JSON.stringify(again)).toBe(JSON.stringify(evidence));
});

test("every file that was read is named by its place in the bundle, with its hash", () => {
  expect(evidence.inputs.map(({ path }) => path)).toEqual([
    "duet/run.json",
    "duet/samples.parquet",
    "duet/readings.parquet",
    "duet/events.ndjson",
  ]);
  for (const { sha256 } of evidence.inputs) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
});

test("the timeline shows load, latency and probes by arm", () => {
  const ids = evidence.timeline.series.map(({ id }) => id);
  expect(ids).toEqual(
    expect.arrayContaining([
      "load.baseline",
      "load.candidate",
      "load.planned",
      "latency.checkout.p50.baseline",
      "odoo.cpu.candidate",
    ]),
  );
  const cpu = evidence.timeline.series.find(({ id }) => id === "odoo.cpu.candidate");
  expect(cpu?.points.map(([, value]) => value)).toEqual([200, 200]);
});
