import * as fc from "fast-check";
import { expect, test } from "vitest";

import { takeTurn } from "../../scenarios/lib/arrival.ts";
import type { Schedule } from "../../src/domain/load/run.ts";
import { plannedArrivals } from "../../src/load/arrivals.ts";

const scenario = "order-import";

function planOf(options: { schedule: Schedule; perMinute: number; phaseMs?: number; warmupMs: number; durationMs: number }) {
  const { perMinute, phaseMs = 0 } = options;
  return { ...options, phaseMs, scenarios: { [scenario]: { perMinute, phaseMs, size: 1, preAllocatedVUs: 1, maxVUs: 1 } } };
}

/** Every arrival of an arrival-rate executor that drops nothing, with the turn that the scripts give it. */
function turnsOf(plan: ReturnType<typeof planOf>) {
  const periodMs = 60_000 / plan.perMinute;
  const endMs = plan.warmupMs + plan.durationMs;
  // One arrival more than planned, as k6 fires it now and then.
  const count = Math.ceil(endMs / periodMs) + 1;
  return Array.from({ length: count }, (_, iteration) => {
    const { phaseMs } = plan;
    const offsetMs = phaseMs + iteration * periodMs;
    return { offsetMs, turn: takeTurn(plan.schedule, { seed: 3, scenario, iteration, offsetMs, phaseMs, periodMs, endMs }) };
  });
}

test("a duet of 24 a minute has 8 arrivals in 20 s of warm-up and 48 in two minutes of load", () => {
  const plan = planOf({ schedule: { kind: "duet" }, perMinute: 24, warmupMs: 20_000, durationMs: 120_000 });
  expect(plannedArrivals(plan, scenario)).toEqual({ warmup: 8, load: 48, pairs: 28 });
});

test("an arrival without a partner is not planned", () => {
  const plan = planOf({ schedule: { kind: "duet" }, perMinute: 6, warmupMs: 0, durationMs: 30_000 });
  expect(plannedArrivals(plan, scenario)).toEqual({ warmup: 0, load: 2, pairs: 1 });
});

test("arrivals in the guard time of a slot are not planned", () => {
  // One arrival a second: slots of 10 s lose those at 0, 1 and 2 s.
  const plan = planOf({
    schedule: { kind: "slots", slotMs: 10_000, guardMs: 3000 },
    perMinute: 60,
    warmupMs: 0,
    durationMs: 40_000,
  });
  expect(plannedArrivals(plan, scenario)).toEqual({ warmup: 0, load: 28, pairs: 14 });
});

test("a scenario that is not in the plan has no arrivals", () => {
  const plan = planOf({ schedule: { kind: "duet" }, perMinute: 6, warmupMs: 0, durationMs: 30_000 });
  expect(plannedArrivals(plan, "checkout")).toEqual({ warmup: 0, load: 0, pairs: 0 });
});

const schedules: fc.Arbitrary<Schedule> = fc.oneof(
  fc.constant<Schedule>({ kind: "duet" }),
  fc.constant<Schedule>({ kind: "sequential", arm: "candidate" }),
  fc.record({
    kind: fc.constant("slots" as const),
    slotMs: fc.integer({ min: 1000, max: 20_000 }),
    guardMs: fc.integer({ min: 0, max: 900 }),
  }),
);

test("the plan counts exactly the arrivals that the scripts work on", () => {
  fc.assert(
    fc.property(
      schedules,
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 0, max: 30_000 }),
      fc.integer({ min: 1000, max: 120_000 }),
      fc.double({ min: 0, max: 0.99, noNaN: true }),
      (schedule, perMinute, warmupMs, durationMs, part) => {
        const phaseMs = Math.min(durationMs, Math.round((part * 60_000) / perMinute));
        const plan = planOf({ schedule, perMinute, phaseMs, warmupMs, durationMs });
        const working = turnsOf(plan).filter(({ turn }) => turn.kind === "work");
        const planned = plannedArrivals(plan, scenario);
        expect(planned.warmup + planned.load).toBe(working.length);
        const pairs = working.flatMap(({ turn }) => (turn.kind === "work" ? [turn.pair] : []));
        // Pairs are numbered without a gap, so that a pool of data lasts as long as counted.
        expect(new Set(pairs)).toEqual(new Set(Array.from({ length: planned.pairs }, (_, pair) => pair)));
      },
    ),
    { numRuns: 200, seed: 11 },
  );
});
