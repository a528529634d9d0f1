import { expect, test } from "vitest";

import { HarnessError } from "../../src/domain/error.ts";
import { compilePlan } from "../../src/load/compile-plan.ts";
import { shopRequest } from "./shop-plan.ts";

function failureOf(action: () => unknown): HarnessError {
  try {
    action();
  } catch (error) {
    if (error instanceof HarnessError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

test("the plan holds no password", () => {
  expect(JSON.stringify(compilePlan(shopRequest()))).not.toContain("s3cret-in-endpoint");
});

test("virtual users cover transactions of ten seconds, and wait in reserve for slower ones", () => {
  const workload = { loadMs: 60_000, warmupMs: 0, scenarios: { "order-import": { perMinute: 240, size: 6 } } };
  expect(compilePlan(shopRequest({ workload })).scenarios["order-import"]).toEqual({
    perMinute: 240,
    size: 6,
    phaseMs: 0,
    preAllocatedVUs: 40,
    maxVUs: 240,
    prefix: "oi",
  });
});

test("the sequential schedule plans its own arm only", () => {
  expect(Object.keys(compilePlan(shopRequest({ schedule: { kind: "sequential", arm: "candidate" } })).arms)).toEqual([
    "candidate",
  ]);
});

test("a pool of pickings that would run out is refused with the size that is needed", () => {
  // 30 waves a minute for 140 s are 70 arrivals, 35 pairs of 3 pickings each.
  const workload = { loadMs: 120_000, warmupMs: 20_000, scenarios: { "picking-wave": { perMinute: 30, size: 3 } } };
  const failure = failureOf(() => compilePlan(shopRequest({ workload })));
  expect(failure.code).toBe("cannot-measure");
  expect(failure.message).toContain("100 ready pickings");
  expect(failure.message).toContain("105");
});

test("a pool of exactly the right size is enough", () => {
  const workload = { loadMs: 120_000, warmupMs: 20_000, scenarios: { "picking-wave": { perMinute: 30, size: 3 } } };
  const data = { ...shopRequest().data, pickings: Array.from({ length: 105 }, (_, index) => index + 1) };
  expect(compilePlan(shopRequest({ workload, data })).data.pickings).toHaveLength(105);
});

test.each([
  {
    name: "a candidate that is missing",
    changes: { arms: { baseline: { baseUrl: "http://127.0.0.1:1", database: "b" } } },
    says: "candidate",
  },
  {
    name: "a guard as long as the slot",
    changes: { schedule: { kind: "slots", slotMs: 1000, guardMs: 1000 } as const },
    says: "guard",
  },
  { name: "no scenario", changes: { workload: { loadMs: 1000, warmupMs: 0, scenarios: {} } }, says: "no scenario" },
  {
    name: "half an order a minute",
    changes: { workload: { loadMs: 1000, warmupMs: 0, scenarios: { "order-import": { perMinute: 0.5, size: 1 } } } },
    says: "order-import has rate 0.5",
  },
  {
    name: "a rate that brings nothing in the time",
    changes: { workload: { loadMs: 5000, warmupMs: 0, scenarios: { "order-import": { perMinute: 6, size: 1 } } } },
    says: "no order-import is due",
  },
  {
    name: "a rate whose arrivals all fall into the guard time",
    changes: {
      schedule: { kind: "slots", slotMs: 10_000, guardMs: 2000 } as const,
      workload: { loadMs: 60_000, warmupMs: 0, scenarios: { "order-import": { perMinute: 6, size: 1 } } },
    },
    says: "no order-import is due",
  },
])("$name is a mistake in the request", ({ changes, says }) => {
  const failure = failureOf(() => compilePlan(shopRequest(changes)));
  expect(failure.code).toBe("usage");
  expect(failure.message).toContain(says);
});

test.each([
  { name: "products", scenario: "stock-sync", size: 41, data: {} },
  { name: "customers", scenario: "order-import", size: 1, data: { partners: [] } },
  { name: "stock locations", scenario: "stock-sync", size: 1, data: { stockLocations: [] } },
  {
    name: "tills without an open session",
    scenario: "store-orders",
    size: 1,
    data: { store: { ...shopRequest().data.store, tills: [] } },
  },
  {
    name: "products of the tills",
    scenario: "store-orders",
    size: 1,
    data: { store: { ...shopRequest().data.store, products: [] } },
  },
  { name: "simulated payment providers", scenario: "checkout", size: 1, data: { providerId: 0 } },
])("a target without enough $name cannot be measured", ({ name, scenario, size, data }) => {
  const workload = { loadMs: 60_000, warmupMs: 0, scenarios: { [scenario]: { perMinute: 6, size } } };
  const failure = failureOf(() => compilePlan(shopRequest({ workload, data: { ...shopRequest().data, ...data } })));
  expect(failure.code).toBe("cannot-measure");
  expect(failure.message).toContain(name);
});

test.each([
  { name: "payment methods", capabilities: { payment: "method" } as const },
  { name: "delivery methods", capabilities: { delivery: "method" } as const },
])("a shop that asks for $name must have some", ({ name, capabilities }) => {
  const workload = { loadMs: 60_000, warmupMs: 0, scenarios: { checkout: { perMinute: 6, size: 1 } } };
  expect(failureOf(() => compilePlan(shopRequest({ workload, capabilities }))).message).toContain(name);
  const data = { ...shopRequest().data, paymentMethodId: 3, carrierId: 4 };
  expect(compilePlan(shopRequest({ workload, capabilities, data })).capabilities).toEqual(capabilities);
});

test("scenarios have phases of their own, so that they do not meet again and again", () => {
  const scenarios = {
    checkout: { perMinute: 40, size: 2 },
    "stock-sync": { perMinute: 24, size: 10 },
    "order-import": { perMinute: 60, size: 6 },
    "picking-wave": { perMinute: 16, size: 3 },
    "store-orders": { perMinute: 12, size: 3 },
  };
  const plan = compilePlan(shopRequest({ workload: { loadMs: 120_000, warmupMs: 0, scenarios } }));
  const due = Object.entries(plan.scenarios).flatMap(([name, { perMinute, phaseMs }]) =>
    Array.from({ length: 20 }, (_, number) => ({ name, atMs: phaseMs + (number * 60_000) / perMinute })),
  );
  expect(due[0]).toEqual({ name: "checkout", atMs: 0 });
  for (const { name, atMs } of due.filter((arrival) => arrival.atMs <= 20_000)) {
    const together = due.filter((other) => other.name !== name && Math.abs(other.atMs - atMs) < 50);
    expect(together.length).toBeLessThan(2);
  }
});
