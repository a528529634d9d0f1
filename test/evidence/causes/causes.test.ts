import { join } from "node:path";

import { describe, expect, test } from "vitest";

import type { CauseEvidence, StepTime } from "../../../src/domain/judgement/causes.ts";
import type { Reading } from "../../../src/domain/reading.ts";
import { readEvidence } from "../../../src/evidence/evidence.ts";
import { policy, recordBundle, temporaryFolder } from "../recorded-bundle.ts";
import { atRun, evidenceOf, type Order, pairsOf, recordOrders } from "../recorded-orders.ts";
import { everySecond, from } from "../recorded-readings.ts";

const folder = temporaryFolder();
let bundles = 0;

async function causesOf(orders: readonly Order[], readings: readonly Reading[] = []): Promise<CauseEvidence> {
  const bundle = join(folder, `bundle-${(bundles += 1)}`);
  await recordOrders(bundle, orders, { readings });
  const { causes } = await evidenceOf([bundle], []);
  if (causes === undefined) throw new Error("the evidence has no causes");
  return causes;
}

type Sums = Omit<StepTime, "step" | "scenario" | "service" | "arm" | "block" | "statements" | "queueKnown">;

/** sumsOf adds up what one arm's step took in all blocks. */
function sumsOf({ stepTimes }: CauseEvidence, arm: "baseline" | "candidate", step = "order-import/confirm"): Sums {
  const rows = stepTimes.filter((row) => row.arm === arm && row.step === step);
  const sum = (name: keyof Sums) => rows.reduce((total, row) => total + row[name], 0);
  return {
    requests: sum("requests"),
    clientMs: sum("clientMs"),
    lateMs: sum("lateMs"),
    logged: sum("logged"),
    pythonMs: sum("pythonMs"),
    sqlMs: sum("sqlMs"),
    retried: sum("retried"),
    retriedMs: sum("retriedMs"),
    queueMs: sum("queueMs"),
  };
}

const busy = pairsOf((order) => ({ ...order, pythonMs: 300, sqlMs: 100 }));

describe("step times", () => {
  test("k6 and the log speak of the same requests, without the pair with the first use of each worker", async () => {
    const causes = await causesOf(busy);
    for (const arm of ["baseline", "candidate"] as const) {
      const sums = { requests: 11, clientMs: 6600, lateMs: 0, logged: 11, pythonMs: 3300, sqlMs: 1100 };
      expect(sumsOf(causes, arm)).toMatchObject(sums);
    }
    expect(causes.stepTimes[0]).toMatchObject({ scenario: "order-import", service: "order-import" });
  });

  test("a late start is told apart from the first step, which carries it", async () => {
    const late = busy.map((order) => (order.pair === 5 && order.arm === "candidate" ? { ...order, lateMs: 150 } : order));
    const causes = await causesOf(late);
    expect(sumsOf(causes, "candidate")).toMatchObject({ clientMs: 6600, lateMs: 150 });
    expect(sumsOf(causes, "baseline").lateMs).toBe(0);
  });

  test("a request that was run again counts apart", async () => {
    const again = busy.map((order) => (order.pair === 6 && order.arm === "candidate" ? { ...order, pythonMs: 480 } : order));
    // Pair 6 of the candidate is due at 3250 ms and ends at 3850 ms.
    const at = { timeMs: atRun(3700), arm: "candidate", probe: "odoo", labels: { worker: "7" } } as const;
    const sums = sumsOf(await causesOf(again, [{ ...at, name: "serialization_retry", value: 1 }]), "candidate");
    expect(sums).toMatchObject({ requests: 11, logged: 10, pythonMs: 3000, retried: 1, retriedMs: 580 });
  });

  test("failed requests are in no time, and are counted by how they failed", async () => {
    const failed = busy.map((order) => (order.pair > 8 && order.arm === "candidate" ? { ...order, outcome: "ingress" } : order));
    const causes = await causesOf(failed);
    expect(sumsOf(causes, "candidate").requests).toBe(8);
    const ended = causes.outcomes.filter(({ arm }) => arm === "candidate").map(({ outcome, count }) => [outcome, count]);
    expect(ended).toEqual([
      ["ingress", 3],
      ["ok", 9],
    ]);
  });

  test("a bundle without a log has the client's times alone", async () => {
    const bundle = join(folder, "unlogged");
    await recordBundle(bundle);
    const { causes } = await readEvidence({ kind: "together", bundles: [bundle] }, { policy, choose: () => [] });
    expect(causes?.stepTimes.length).toBeGreaterThan(0);
    expect(causes?.stepTimes.every(({ requests, clientMs, logged }) => requests > 0 && clientMs > 0 && logged === 0)).toBe(true);
    const unread = { serviceMs: null, serviceRequests: null, odooCpuMs: null, lockWaitMs: null, ioMs: null };
    for (const time of causes?.armTimes ?? []) expect(time).toMatchObject(unread);
  });
});

describe("the wait for a worker", () => {
  /** The worker is busy with the first order from 2000 to 2598 ms; the second, sent at 2100 ms, begins then and takes 500 ms. */
  const common = { arm: "baseline", worker: "7", statements: 1, sqlMs: 0 } as const;
  const two: Order[] = [
    { ...common, pair: 1, dueMs: 2000, tookMs: 600, pythonMs: 598 },
    { ...common, pair: 2, dueMs: 2100, tookMs: 1000, pythonMs: 500 },
  ];
  const first: Order = { ...common, pair: 3, dueMs: 100, tookMs: 52, pythonMs: 50 };

  test("is the time in which the only worker was busy", async () => {
    const sums = sumsOf(await causesOf([first, ...two]), "baseline");
    expect(sums).toMatchObject({ requests: 2, queueMs: 498 });
  });

  test("is none where another worker was free", async () => {
    const sums = sumsOf(await causesOf([first, { ...first, pair: 4, dueMs: 800, worker: "8" }, ...two]), "baseline");
    expect(sums).toMatchObject({ requests: 2, queueMs: 0 });
  });

  test("is not known where a process serves several requests at a time", async () => {
    const threads = two.map((order) => ({ ...order, pythonMs: order.tookMs - 2 }));
    const { stepTimes } = await causesOf([first, ...threads]);
    expect(stepTimes.map(({ queueKnown }) => queueKnown)).toEqual(stepTimes.map(() => 0));
  });
});

describe("times of a whole arm", () => {
  const level = (type: string, value: number) => everySecond("waits", () => value, { arm: "candidate", labels: { type } });
  const counter = (name: string, perSecond: number, probe = "postgres") =>
    everySecond(name, (second) => perSecond * (second + 1), { arm: "candidate", probe });

  test("are counters cut by block, and sampled waits over its length", async () => {
    const { armTimes } = await causesOf(busy, [
      ...counter("request_duration_sum_ms", 900, "traefik"),
      ...counter("request_duration_count", 3, "traefik"),
      ...counter("odoo_cpu_ms", 400, "host"),
      ...level("Lock", 0.5),
      ...level("IO", 0.25),
    ]);
    const candidate = armTimes.filter(({ arm }) => arm === "candidate");
    expect(candidate).toHaveLength(4);
    for (const time of candidate) {
      expect(time.serviceMs).toBeCloseTo(1800, 6);
      expect(time.serviceRequests).toBeCloseTo(6, 6);
      expect(time.odooCpuMs).toBeCloseTo(800, 6);
      expect(time.lockWaitMs).toBeCloseTo(1000, 6);
      expect(time.ioMs).toBeCloseTo(500, 6);
    }
    expect(candidate.reduce((sum, { requests }) => sum + requests, 0)).toBe(12);
    expect(candidate.reduce((sum, { pythonMs }) => sum + pythonMs, 0)).toBe(3600);
    expect(armTimes.filter(({ arm }) => arm === "baseline").every(({ serviceMs }) => serviceMs === null)).toBe(true);
  });

  test("PostgreSQL's own clock of I/O goes before samples, where it runs", async () => {
    const clocked = [...counter("block_read_ms", 30), ...counter("block_write_ms", 10)];
    const { armTimes } = await causesOf(busy, [...clocked, ...level("IO", 0.25)]);
    expect(armTimes.filter(({ arm }) => arm === "candidate").map(({ ioMs }) => Math.round(ioMs ?? -1))).toEqual([80, 80, 80, 80]);
  });

  test("what Redis lost and what Odoo told of itself is counted", async () => {
    const { redis, signals } = await causesOf(busy, [
      ...everySecond("evicted_keys", from(3, 4), { probe: "redis" }),
      ...everySecond("command_us", (second) => 1000 * (second + 1), { probe: "redis", labels: { command: "get" } }),
      ...everySecond("worker_kills", from(5, 2), { probe: "odoo", arm: "candidate" }),
    ]);
    expect(redis).toMatchObject([{ arm: null, evictedKeys: 4, rejectedConnections: 0 }]);
    expect(redis[0]?.commandMs).toBeCloseTo(8, 6);
    expect(signals).toEqual([{ arm: "candidate", signal: "worker_kills", count: 2 }]);
  });
});
