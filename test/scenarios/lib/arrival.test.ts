import { expect, test } from "vitest";

import { findIntendedOffset, takeTurn, type Turn } from "../../../scenarios/lib/arrival.ts";
import type { Schedule } from "../../../src/domain/load/run.ts";

const SECOND = 1000;

function turns(
  schedule: Schedule,
  options: { seed?: number; scenario?: string; phaseMs?: number; periodMs: number; endMs: number; count: number },
): Turn[] {
  const { seed = 1, scenario = "checkout", phaseMs = 0, periodMs, endMs, count } = options;
  return Array.from({ length: count }, (_, iteration) =>
    takeTurn(schedule, { seed, scenario, iteration, offsetMs: phaseMs + iteration * periodMs, phaseMs, periodMs, endMs }),
  );
}

const write = (turn: Turn) => (turn.kind === "idle" ? "-" : `${turn.arm === "baseline" ? "b" : "c"}${turn.pair}`);

test("a duet gives each pair to both arms", () => {
  const found = turns({ kind: "duet" }, { periodMs: 100, endMs: 100 * SECOND, count: 1000 });
  for (let pair = 0; pair < 500; pair += 1) {
    expect(
      found
        .slice(pair * 2, pair * 2 + 2)
        .map(write)
        .toSorted(),
    ).toEqual([`b${pair}`, `c${pair}`]);
  }
});

test("in a duet each arm goes first in about half of the pairs, and not in turns", () => {
  const first = turns({ kind: "duet" }, { periodMs: 100, endMs: 100 * SECOND, count: 1000 })
    .filter((_, index) => index % 2 === 0)
    .map((turn) => (turn.kind === "work" ? turn.arm : "idle"));
  const baseline = first.filter((arm) => arm === "baseline").length;
  // 500 fair draws stay within 4 standard deviations (11.2 each) of 250.
  expect(Math.abs(baseline - 250)).toBeLessThan(45);
  const changes = first.filter((arm, index) => index > 0 && arm !== first[index - 1]).length;
  expect(Math.abs(changes - 250)).toBeLessThan(45);
});

test("the order of the arms depends on the seed and on the scenario", () => {
  const options = { periodMs: 100, endMs: 10 * SECOND, count: 100 };
  const order = (more: object) =>
    turns({ kind: "duet" }, { ...options, ...more })
      .map(write)
      .join(" ");
  expect(order({})).toBe(order({}));
  expect(order({ seed: 2 })).not.toBe(order({}));
  expect(order({ scenario: "stock-sync" })).not.toBe(order({}));
});

test("what comes at or after the end of the load does nothing", () => {
  expect(
    turns({ kind: "duet" }, { periodMs: SECOND, endMs: 4 * SECOND, count: 6 })
      .map(write)
      .slice(4),
  ).toEqual(["-", "-"]);
  expect(turns({ kind: "sequential", arm: "candidate" }, { periodMs: SECOND, endMs: 2 * SECOND, count: 3 }).map(write)).toEqual([
    "c0",
    "c1",
    "-",
  ]);
});

test("the last arrival of an odd number has no partner and does nothing", () => {
  expect(turns({ kind: "duet" }, { periodMs: SECOND, endMs: 3 * SECOND, count: 3 }).map(write)[2]).toBe("-");
});

test("slots go baseline, candidate, candidate, baseline, with a guard after each change and the same pairs in both", () => {
  const found = turns(
    { kind: "slots", slotMs: 4 * SECOND, guardMs: SECOND },
    { periodMs: SECOND, endMs: 16 * SECOND, count: 16 },
  );
  expect(found.map(write).join(" ")).toBe("- b0 b1 b2 - c0 c1 c2 - c3 c4 c5 - b3 b4 b5");
});

test("where one slot of a pair holds an arrival more than the other, that one does nothing", () => {
  // Due at 0, 1.5, 3, 4.5, 6, 7.5 s: slots of 4 s hold three arrivals, then three, then (9, 10.5) two.
  const found = turns({ kind: "slots", slotMs: 4 * SECOND, guardMs: 0 }, { periodMs: 1500, endMs: 16 * SECOND, count: 11 });
  expect(found.map(write).join(" ")).toBe("b0 b1 b2 c0 c1 c2 c3 c4 b3 b4 -");
});

test("a slot whose partner is not reached before the end does nothing", () => {
  const found = turns({ kind: "slots", slotMs: 2 * SECOND, guardMs: 0 }, { periodMs: SECOND, endMs: 6 * SECOND, count: 6 });
  expect(found.map(write).join(" ")).toBe("b0 b1 c0 c1 - -");
});

test.each([
  { name: "an arrival on time", iteration: 3, elapsedMs: 7502, periodMs: 2500, want: 7500 },
  { name: "a clock that was cut to whole milliseconds", iteration: 3, elapsedMs: 7499, periodMs: 2500, want: 7500 },
  { name: "a late start within the period", iteration: 3, elapsedMs: 9400, periodMs: 2500, want: 7500 },
  { name: "a late start of several short periods", iteration: 30, elapsedMs: 3800, periodMs: 100, want: 3000 },
  { name: "an arrival after a drop", iteration: 3, elapsedMs: 10_003, periodMs: 2500, want: 10_000 },
  { name: "an arrival after many drops", iteration: 3, elapsedMs: 61_300, periodMs: 2500, want: 60_000 },
  { name: "the first arrival", iteration: 0, elapsedMs: 4, periodMs: 2500, want: 0 },
])("$name was due at $want ms", ({ iteration, elapsedMs, periodMs, want }) => {
  expect(findIntendedOffset({ iteration, elapsedMs, periodMs })).toBe(want);
});
