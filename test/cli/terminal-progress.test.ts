import { expect, test } from "vitest";

import { timeLeftMs } from "../../src/cli/terminal/progress.ts";

test("time left comes from the expectation until a tenth is done", () => {
  expect(timeLeftMs(2000, 0.05, 60_000)).toBe(58_000);
});

test("time left comes from the share done after that", () => {
  expect(timeLeftMs(30_000, 0.25, 60_000)).toBe(90_000);
});

test("nothing is promised where nothing is known", () => {
  expect(timeLeftMs(2000, null, null)).toBeNull();
});
