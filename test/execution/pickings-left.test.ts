import { expect, test } from "vitest";

import { pickingsLeft } from "../../src/execution/campaign.ts";
import { plannedArrivals } from "../../src/load/arrivals.ts";

const shop = {
  products: [],
  partners: [],
  stockLocations: [],
  pickings: Array.from({ length: 110 }, (_, index) => index),
  pickingTypeId: 1,
  providerId: 1,
  paymentMethodId: 0,
  carrierId: 0,
  countryId: 1,
  store: { cashierId: 1, tills: [], products: [] },
};
const workload = { loadMs: 90_000, warmupMs: 30_000, scenarios: { "picking-wave": { perMinute: 12, size: 3 } } };
const schedule = { kind: "duet" } as const;

test("each round gets pickings that no earlier round was given", () => {
  const scenario = { perMinute: 12, phaseMs: 0, size: 3, preAllocatedVUs: 1, maxVUs: 1 };
  const plan = { schedule, warmupMs: 30_000, durationMs: 90_000, scenarios: { "picking-wave": scenario } };
  const perRound = plannedArrivals(plan, "picking-wave").pairs * 3;
  const rounds = [0, 1, 2].map((earlierRounds) => pickingsLeft(shop, { workload, schedule, earlierRounds })?.pickings ?? []);
  const taken = rounds.flatMap((pickings) => pickings.slice(0, perRound));
  expect(new Set(taken).size).toBe(3 * perRound);
  expect(perRound).toBeGreaterThan(0);
});

test("a pool that is used up has nothing for another round", () => {
  expect(pickingsLeft(shop, { workload, schedule, earlierRounds: 3 })).toBeNull();
});

test("a workload without waves needs no pickings", () => {
  expect(pickingsLeft(shop, { workload: { ...workload, scenarios: {} }, schedule, earlierRounds: 50 })).toBe(shop);
});
