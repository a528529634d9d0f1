import { join } from "node:path";

import { describe, expect, test } from "vitest";

import type { Arm } from "../../../src/domain/arm.ts";
import type { Evidence } from "../../../src/domain/judgement/evidence.ts";
import type { Indicator } from "../../../src/domain/judgement/indicator.ts";
import type { Reading } from "../../../src/domain/reading.ts";
import { temporaryFolder } from "../recorded-bundle.ts";
import { atRun, cpuReadings, type Order, pairsOf, recordEvidence, totalsOf } from "../recorded-orders.ts";

const folder = temporaryFolder();

const indicator: Indicator = {
  id: "platform.odoo-cpu-ms-per-transaction",
  quantity: "odoo-cpu",
  label: "all services: Odoo CPU time per transaction",
  unit: "ms",
  better: "lower",
  service: "platform",
  layer: "odoo",
  kind: "work",
  margin: { relative: 0.05, absolute: 2 },
  gate: true,
  minimumCount: 1,
  source: { kind: "ratio", reading: "odoo_cpu_ms", labels: {}, per: "transaction", scenario: null },
};

/** Orders of 90 ms Python time among syncs of 300 ms; the arms meet the dear ones at different times, and both meet six. */
function mixed(change: (order: Order) => Order = (order) => order): Order[] {
  return pairsOf((order) => {
    const sync = order.arm === "baseline" ? order.pair < 6 : order.pair >= 6;
    const each = sync ? ({ step: "stock-sync/apply", pythonMs: 300 } as const) : { pythonMs: 90 };
    // Worker 6 and 7 in turn, and a pair number for each scenario.
    return change({ ...order, ...each, pair: order.pair % 6, worker: String(6 + (order.pair % 2)) });
  });
}

async function read(
  name: string,
  orders: readonly Order[],
  more: { cpu: (order: Order) => number; logged?: readonly Order[]; readings?: readonly Reading[] },
): Promise<Evidence> {
  const readings = [...cpuReadings(orders, more.cpu), ...(more.readings ?? [])];
  return recordEvidence(join(folder, name), {
    orders,
    indicator,
    readings,
    ...(more.logged === undefined ? {} : { logged: more.logged }),
  });
}

/** Milliseconds per transaction in each block that has any. */
function perBlock(evidence: Evidence, arm: Arm): number[] {
  return totalsOf(evidence, arm).flatMap(({ numerator, denominator }) => (denominator > 0 ? [numerator / denominator] : []));
}

function whole(evidence: Evidence, arm: Arm): number {
  const totals = totalsOf(evidence, arm);
  return (
    totals.reduce((sum, { numerator }) => sum + numerator, 0) / totals.reduce((sum, { denominator }) => sum + denominator, 0)
  );
}

describe("CPU time per transaction", () => {
  test("is the same in every block where requests of a kind cost the same, whatever mix and edge a block has", async () => {
    const evidence = await read("mix", mixed(), { cpu: () => 1.1 });
    const values = [...perBlock(evidence, "baseline"), ...perBlock(evidence, "candidate")];
    expect(values.length).toBeGreaterThan(6);
    // The mean of an order and a sync, in CPU-ms of 1.1 for each ms of Python.
    for (const value of values) expect(value).toBeCloseTo(1.1 * 195, 6);
  });

  test("shows what one arm's requests use more, and turns round with the arms", async () => {
    const dearer = (arm: Arm) => (order: Order) => (order.arm === arm ? 1.2 : 1);
    const candidate = await read("candidate-dearer", mixed(), { cpu: dearer("candidate") });
    const baseline = await read("baseline-dearer", mixed(), { cpu: dearer("baseline") });
    expect(whole(candidate, "candidate") / whole(candidate, "baseline")).toBeCloseTo(1.2, 6);
    expect(whole(baseline, "candidate") / whole(baseline, "baseline")).toBeCloseTo(1 / 1.2, 6);
  });

  test("shows an arm that makes more requests of the same kind for a transaction", async () => {
    const twice = mixed((order) => (order.arm === "candidate" ? { ...order, requests: 2 } : order));
    const evidence = await read("twice", twice, { cpu: () => 1 });
    expect(whole(evidence, "candidate") / whole(evidence, "baseline")).toBeCloseTo(2, 6);
  });

  test("shows what requests cost that no step is known to make", async () => {
    const extra = (order: Order) => (order.arm === "candidate" ? 1.3 : 1);
    const readings: Reading[] = mixed().map(({ arm, dueMs }) => ({
      timeMs: atRun(dueMs + 100),
      arm,
      probe: "odoo",
      name: "request_python_ms",
      labels: { method: "GET", route: "/new", status: "200", worker: "7" },
      value: 60,
    }));
    const evidence = await read("elsewhere", mixed(), {
      cpu: extra,
      readings: readings.filter(({ arm }) => arm === "candidate"),
    });
    expect(whole(evidence, "candidate") / whole(evidence, "baseline")).toBeCloseTo(1.3, 6);
  });

  test("expects a request that was run again to cost as much twice", async () => {
    const isRetried = ({ arm, pair, step }: Order) => arm === "candidate" && pair === 4 && step === undefined;
    // Pair 4 of the candidate is due after 2250 ms and busy for 90 ms until 2848 ms.
    const retry: Reading = {
      timeMs: atRun(2800),
      arm: "candidate",
      probe: "odoo",
      name: "serialization_retry",
      labels: { worker: "6" },
      value: 1,
    };
    const cpu = (order: Order) => (isRetried(order) ? 2 : 1);
    const told = await read("retried", mixed(), { cpu, readings: [retry] });
    const untold = await read("untold", mixed(), { cpu });
    expect(whole(told, "candidate") / whole(told, "baseline")).toBeCloseTo(1, 6);
    expect(whole(untold, "candidate") / whole(untold, "baseline")).toBeGreaterThan(1.02);
  });

  test("is divided by plain transactions where an arm has no log, and says so", async () => {
    const orders = mixed();
    const logged = orders.filter(({ arm }) => arm === "baseline");
    const evidence = await read("half-a-log", orders, { cpu: () => 1, logged });
    const transactions = totalsOf(evidence, "baseline").reduce((sum, { denominator }) => sum + denominator, 0);
    expect(transactions).toBeCloseTo(12, 6);
    const facts = evidence.validity.filter(({ code }) => code === "work-unweighed");
    expect(facts.map(({ severity, text }) => [severity, text.includes("the candidate cannot")])).toEqual([["info", true]]);
    const both = await read("both-logs", orders, { cpu: () => 1 });
    expect(both.validity.filter(({ code }) => code === "work-unweighed")).toEqual([]);
  });
});
