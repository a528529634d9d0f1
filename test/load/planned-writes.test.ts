import { expect, test } from "vitest";
import { describeWrites, plannedWrites, requireWriteBudget } from "../../src/load/planned-writes.ts";

const workload = {
  loadMs: 60_000,
  warmupMs: 30_000,
  scenarios: { "order-import": { perMinute: 20, size: 6 }, "picking-wave": { perMinute: 4, size: 3 } },
};
const schedule = { kind: "sequential", arm: "baseline" } as const;

test("a run states what it writes at most, warm-up included: arrivals times size", () => {
  // 20 and 4 a minute for one and a half minutes; the waves begin .618 of a period later and lose none of their six by it.
  expect(plannedWrites({ workload, schedule })).toEqual({
    transactions: 36,
    records: {
      "sale.order": 30,
      "sale.order.line": 180,
      "stock.picking": 30 + 18,
      "stock.move": 180,
      "stock.picking.batch": 6,
    },
  });
});

test("a burst of tills writes its orders, each with up to three lines, and is one transaction", () => {
  const bursts = { ...workload, scenarios: { "store-orders": { perMinute: 12, size: 4 } } };
  // 12 a minute for one and a half minutes: 18 bursts of four orders.
  expect(plannedWrites({ workload: bursts, schedule })).toEqual({
    transactions: 18,
    records: { "pos.order": 72, "pos.order.line": 216, "pos.payment": 72, "stock.picking": 72, "stock.move": 216 },
  });
});

test("a scenario that is not in the workload writes nothing", () => {
  const { records } = plannedWrites({ workload, schedule });
  expect(Object.keys(records)).not.toContain("res.partner");
  expect(Object.keys(records)).not.toContain("stock.inventory");
});

test("visits that only read need no room in the write budget", () => {
  const visits = { ...workload, scenarios: { browse: { perMinute: 600, size: 6 } } };
  const planned = plannedWrites({ workload: visits, schedule });
  expect(planned).toEqual({ transactions: 0, records: {} });
  expect(describeWrites(planned)).toBe("this run writes no business records");
});

test.each([undefined, 36, 1000])("a budget of %s lets 36 transactions through", (budget) => {
  expect(() => requireWriteBudget(plannedWrites({ workload, schedule }), budget)).not.toThrow();
});

test("a budget of 35 refuses 36 transactions", () => {
  const check = () => requireWriteBudget(plannedWrites({ workload, schedule }), 35);
  expect(check).toThrow(/36 business transactions, and target\.writeBudget allows 35/);
});

test("it is told in one line", () => {
  expect(describeWrites({ transactions: 2, records: { "sale.order": 2, "stock.move": 12 } })).toBe(
    "this run makes at most 2 business transactions: 2 sale.order, 12 stock.move",
  );
});
