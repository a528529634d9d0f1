import { join } from "node:path";

import { expect, test } from "vitest";

import type { RunStart } from "../../../src/bundle/run/writer.ts";
import type { Evidence } from "../../../src/domain/judgement/evidence.ts";
import type { Indicator } from "../../../src/domain/judgement/indicator.ts";
import type { Reading } from "../../../src/domain/reading.ts";
import { temporaryFolder } from "../recorded-bundle.ts";
import { atRun, evidenceOf, type Order, pairsOf, recordEvidence, recordOrders, totalsOf } from "../recorded-orders.ts";

const folder = temporaryFolder();

const indicator: Indicator = {
  id: "order-import.statements-per-transaction",
  quantity: "statements",
  label: "order import: SQL statements per order",
  unit: "statements",
  better: "lower",
  service: "order-import",
  layer: "odoo",
  kind: "work",
  margin: { relative: 0.0005, absolute: 0.5 },
  gate: true,
  minimumCount: 1,
  source: {
    kind: "ratio",
    reading: "request_statements",
    labels: { scenario: "order-import" },
    per: "transaction",
    scenario: "order-import",
  },
};

function read(name: string, orders: readonly Order[], more: { logged?: readonly Order[]; readings?: readonly Reading[] } = {}) {
  return recordEvidence(join(folder, name), { orders, indicator, ...more });
}

function counted(evidence: Evidence): number {
  return totalsOf(evidence, "candidate").reduce((sum, { denominator }) => sum + denominator, 0);
}

test("equal work is equal in every block, though transactions overlap and pairs lie across the edges of blocks", async () => {
  const evidence = await read("equal", pairsOf());
  expect(totalsOf(evidence, "candidate")).toEqual(totalsOf(evidence, "baseline"));
  expect(totalsOf(evidence, "baseline").filter(({ denominator }) => denominator > 0).length).toBeGreaterThan(1);
});

test("the first request of a worker takes its pair out of both arms", async () => {
  const cold = (order: Order): Order =>
    order.arm === "candidate" && order.pair === 5 ? { ...order, worker: "8", statements: 900 } : order;
  const evidence = await read("cold", pairsOf(cold));
  expect(totalsOf(evidence, "candidate")).toEqual(totalsOf(evidence, "baseline"));
  // Pair 0 is the first of worker 7 in both arms, pair 5 that of worker 8: ten of twelve remain.
  expect(counted(evidence)).toBe(10);
});

test("a worker that was warm in an earlier round of its campaign is warm, one of another campaign is another worker", async () => {
  const record = async (name: string, round: RunStart["round"]) => {
    const bundle = join(folder, name);
    await recordOrders(bundle, pairsOf(), { start: { runId: name, ...(round === undefined ? {} : { round }) } });
    return bundle;
  };
  const rounds = [1, 2].map((number) => record(`round-${number}`, { campaign: "one", number, firstLook: 1 }));
  expect(counted(await evidenceOf(await Promise.all(rounds), [indicator]))).toBe(11 + 12);
  const apart = [record("apart-1", undefined), record("apart-2", undefined)];
  expect(counted(await evidenceOf(await Promise.all(apart), [indicator]))).toBe(11 + 11);
});

test("one more statement in every request of the candidate is one more per transaction", async () => {
  const more = (order: Order): Order => (order.arm === "candidate" ? { ...order, statements: order.statements + 1 } : order);
  const evidence = await read("more", pairsOf(more));
  expect(totalsOf(evidence, "candidate")).toEqual(
    totalsOf(evidence, "baseline").map(({ numerator, denominator }) => ({ numerator: numerator + denominator, denominator })),
  );
});

test("a log that lost lines of one arm makes the run invalid, for it would make that arm look cheap", async () => {
  const orders = pairsOf();
  const facts = async (name: string, logged: readonly Order[]) =>
    (await read(name, orders, { logged })).validity.filter(({ code }) => code === "log-incomplete");
  expect(await facts("whole-log", orders)).toEqual([]);
  const lost = await facts(
    "lost-lines",
    orders.filter(({ arm, pair }) => arm === "baseline" || pair < 6),
  );
  expect(lost).toMatchObject([{ severity: "invalid" }]);
  expect(lost[0]?.text).toContain("6 of the 12 requests that k6 sent to the candidate");
});

/** In the candidate, pair 5 is due after 2750 ms and pair 7 after 3750 ms; each is busy for half a second until 598 ms later. */
function withRetry(): Order[] {
  return pairsOf((order) => {
    const busy = { ...order, pythonMs: 500, worker: order.pair % 2 === 0 ? "6" : "7" };
    return order.arm === "candidate" && order.pair === 5 ? { ...busy, statements: 2 * order.statements } : busy;
  });
}

test("a request that Odoo ran again takes its pair out of both arms, and its worker tells which one it was", async () => {
  const labels = { worker: "7" };
  const retry = { timeMs: atRun(3300), arm: "candidate", probe: "odoo", name: "serialization_retry", labels, value: 1 } as const;
  const evidence = await read("retried", withRetry(), { readings: [retry, ...retryCounter([0, 3000, 4000], [0, 0, 1])] });
  expect(totalsOf(evidence, "candidate")).toEqual(totalsOf(evidence, "baseline"));
  // Pairs 0 and 1 are the first of workers 6 and 7.
  expect(counted(evidence)).toBe(12 - 2 - 1);
});

test("where only their number was recorded, all pairs that were under way then are left out, whatever they cost", async () => {
  const evidence = await read("counted", withRetry(), { readings: retryCounter([0, 3000, 3500], [0, 0, 1]) });
  expect(totalsOf(evidence, "candidate")).toEqual(totalsOf(evidence, "baseline"));
  // Between 3000 and 3500 ms pairs 5 and 6 of the candidate were busy.
  expect(counted(evidence)).toBe(12 - 2 - 2);
});

function retryCounter(times: readonly number[], values: readonly number[]): Reading[] {
  return times.map((atMs, index) => ({
    timeMs: atRun(atMs),
    arm: "candidate",
    probe: "odoo",
    name: "serialization_retries",
    labels: {},
    value: values[index] ?? 0,
  }));
}
