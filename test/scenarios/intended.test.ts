import { expect, test } from "vitest";
import { findIntendedOffset } from "../../scenarios/lib/intended.ts";

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
