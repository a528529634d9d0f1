import { expect, test } from "vitest";

import { drainMinutes } from "../../src/probe/postgres/backlog.ts";

/** One reading every five seconds. */
function sizesOf(...sizes: number[]) {
  return sizes.map((size, index) => ({ timeMs: 1_000_000 + 5000 * index, size }));
}

test("a backlog that falls by four in five seconds and still holds 96 is gone in two minutes", () => {
  // 96 / (4 / 5 s) = 120 s
  expect(drainMinutes(sizesOf(108, 104, 100, 96))).toBeCloseTo(2, 9);
});

test("the trend is that of all readings: a single outlier does not reverse it", () => {
  const minutes = drainMinutes(sizesOf(100, 90, 80, 85, 60, 50));
  expect(minutes).toBeGreaterThan(0.3);
  expect(minutes).toBeLessThan(0.6);
});

test.each([
  { name: "grows", sizes: [10, 12, 14, 16] },
  { name: "stands still", sizes: [10, 10, 10, 10] },
  { name: "fell by less than one thing", sizes: [10, 10, 10, 10, 9.9] },
  { name: "was seen twice", sizes: [10, 5] },
  { name: "was never seen", sizes: [] },
])("there is no prediction for a backlog that $name", ({ sizes }) => {
  expect(drainMinutes(sizesOf(...sizes))).toBeNull();
});

test("an empty backlog takes zero minutes, also at the first reading", () => {
  expect(drainMinutes(sizesOf(0))).toBe(0);
  expect(drainMinutes(sizesOf(9, 3, 0))).toBe(0);
});

test("readings at the same time have no trend", () => {
  const reading = { timeMs: 1, size: 9 };
  expect(drainMinutes([reading, { ...reading, size: 5 }, { ...reading, size: 2 }])).toBeNull();
});
