import { expect, test } from "vitest";

import { drainMinutes } from "../../src/probe/postgres/backlog.ts";

/** One reading every five seconds. */
function looks(...sizes: number[]) {
  return sizes.map((size, index) => ({ timeMs: 1_000_000 + 5000 * index, size }));
}

test("a backlog that falls by four in five seconds and still holds 96 is gone in two minutes", () => {
  // 96 / (4 / 5 s) = 120 s
  expect(drainMinutes(looks(108, 104, 100, 96))).toBeCloseTo(2, 9);
});

test("the trend is that of all looks: one look out of line does not turn it", () => {
  const minutes = drainMinutes(looks(100, 90, 80, 85, 60, 50));
  expect(minutes).toBeGreaterThan(0.3);
  expect(minutes).toBeLessThan(0.6);
});

test.each([
  { name: "grows", sizes: [10, 12, 14, 16] },
  { name: "stands still", sizes: [10, 10, 10, 10] },
  { name: "fell by less than one thing", sizes: [10, 10, 10, 10, 9.9] },
  { name: "was seen twice", sizes: [10, 5] },
  { name: "was never seen", sizes: [] },
])("nothing is foretold of a backlog that $name", ({ sizes }) => {
  expect(drainMinutes(looks(...sizes))).toBeNull();
});

test("where nothing waits, nothing has to be waited for, at the first look too", () => {
  expect(drainMinutes(looks(0))).toBe(0);
  expect(drainMinutes(looks(9, 3, 0))).toBe(0);
});

test("looks at the same moment have no trend", () => {
  const look = { timeMs: 1, size: 9 };
  expect(drainMinutes([look, { ...look, size: 5 }, { ...look, size: 2 }])).toBeNull();
});
