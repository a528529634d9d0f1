import { expect, test } from "vitest";

import { resolveWorkload } from "../../src/cli/config/load.ts";
import type { WorkloadConfig } from "../../src/cli/config/schema.ts";
import { resolveTarget } from "../../src/cli/config/target.ts";
import { HarnessError } from "../../src/domain/error.ts";

const TIMES = { load: "60s", warmup: "5s" };

function failureOf(action: () => unknown): HarnessError {
  try {
    action();
  } catch (error) {
    if (error instanceof HarnessError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

test("each scenario of the config becomes a rate and a size", () => {
  const config: WorkloadConfig = {
    ...TIMES,
    checkout: { checkoutsPerMinute: 40, productsPerCart: 2 },
    "stock-sync": { syncsPerMinute: 24, skusPerSync: 10 },
    "order-import": { ordersPerMinute: 60, linesPerOrder: 6 },
    "picking-wave": { wavesPerMinute: 16, pickingsPerWave: 3 },
    "store-orders": { burstsPerMinute: 12, ordersPerBurst: 4 },
    browse: { visitorsPerMinute: 90, pagesPerVisit: 6 },
  };
  expect(resolveWorkload(config, "90s")).toEqual({
    loadMs: 90_000,
    warmupMs: 5000,
    scenarios: {
      checkout: { perMinute: 40, size: 2 },
      "stock-sync": { perMinute: 24, size: 10 },
      "order-import": { perMinute: 60, size: 6 },
      "picking-wave": { perMinute: 16, size: 3 },
      "store-orders": { perMinute: 12, size: 4 },
      browse: { perMinute: 90, size: 6 },
    },
  });
});

test("a workload without scenarios names them all", () => {
  expect(failureOf(() => resolveWorkload(TIMES, undefined)).hint).toMatch(/checkout, stock-sync, .*, store-orders, browse/);
});

const shared = (buyersShare: number, visitorsPerMinute: number, checkoutsPerMinute?: number): WorkloadConfig => ({
  ...TIMES,
  ...(checkoutsPerMinute === undefined ? {} : { checkout: { checkoutsPerMinute, productsPerCart: 2 } }),
  browse: { visitorsPerMinute, pagesPerVisit: 6, buyersShare },
});

test.each([
  { name: "agrees to the digit", config: shared(0.1, 360, 40) },
  { name: "is off by one checkout a minute", config: shared(0.1, 18, 3) },
  { name: "is off by ten per cent", config: shared(0.1, 360, 44) },
])("a share of buyers that $name is accepted", ({ config }) => {
  expect(resolveWorkload(config, undefined).scenarios.browse?.size).toBe(6);
});

test("a share that the rates do not have is refused with both numbers, its place and the remedy", () => {
  const failure = failureOf(() => resolveWorkload(shared(0.1, 360, 60), undefined));
  expect(failure).toMatchObject({ code: "usage", place: ["workload", "browse", "buyersShare"] });
  expect(failure.message).toBe(
    "`workload.browse.buyersShare` is 0.1: 360 visitorsPerMinute go with 40 checkoutsPerMinute, and `workload.checkout` names 60",
  );
  expect(failure.hint).toBe("Set checkoutsPerMinute to 40, or buyersShare to 0.143, or change visitorsPerMinute.");
});

test("a share without checkout is refused", () => {
  const failure = failureOf(() => resolveWorkload(shared(0.1, 360), undefined));
  expect(failure).toMatchObject({ code: "usage", place: ["workload", "browse", "buyersShare"] });
  expect(failure.message).toContain("names no checkout");
  expect(failure.hint).toContain("40 checkoutsPerMinute");
});

test("a customer is read from the environment, and is none where it is not named", () => {
  const endpoint = { url: "https://a.test", database: "shop", login: "api", passwordEnv: "P" };
  const target = (names: object) => ({ name: "t", allowed: ["a.test"], arms: { baseline: { ...endpoint, ...names } } });
  const environment = { P: "secret", L: "ann", C: "hers" };
  const read = (names: object) => resolveTarget(target(names), environment).arms.baseline?.customer;
  expect(read({ customerLoginEnv: "L", customerPasswordEnv: "C" })).toEqual({ login: "ann", password: "hers" });
  expect(read({})).toBeNull();
  const failure = failureOf(() => read({ customerLoginEnv: "L" }));
  expect(failure.message).toBe("target.arms.baseline names customerLoginEnv without customerPasswordEnv");
});
