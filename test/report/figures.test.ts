import { describe, expect, test } from "vitest";

import {
  formatClock,
  formatCount,
  formatDuration,
  formatNumber,
  formatPercent,
  formatPlural,
  formatProbability,
  formatSignedPercent,
  PAGE_NOTATION,
  TEXT_NOTATION,
} from "../../src/report/words/figures.ts";

describe("formatNumber returns three significant digits", () => {
  test.each([
    [0, "0"],
    [62.2, "62.2"],
    [122.4, "122"],
    [9.999, "10.0"],
    [999.6, "1,000"],
    [1234, "1,230"],
    [1_234_567, "1,230,000"],
    [-4.256, "-4.26"],
    [0.01234, "0.0123"],
    [0.0000321, "3.21e-5"],
    [-1e-300, "-1.00e-300"],
    [Number.NaN, "n/a"],
    [Number.POSITIVE_INFINITY, "n/a"],
    [null, "n/a"],
  ])("%s is %s", (value, want) => expect(formatNumber(value, TEXT_NOTATION)).toBe(want));

  test("a page uses narrow spaces between thousands and the minus sign U+2212", () => {
    expect(formatNumber(-12_345, PAGE_NOTATION)).toBe("\u221212\u202f300");
  });
});

describe("formatSignedPercent", () => {
  test.each([
    [0.968, "+96.8"],
    [1.16, "+116"],
    [0.0312, "+3.12"],
    [0.09996, "+10.0"],
    [0.9996, "+100"],
    [-0.004, "-0.40"],
    [0.00001, "0"],
    [-0.00001, "0"],
    [null, "n/a"],
  ])("%s is %s", (share, want) => expect(formatSignedPercent(share, TEXT_NOTATION)).toBe(want));
});

test.each([
  [0.02, "2 %"],
  [0.15, "15 %"],
  [0.005, "0.5 %"],
  [0.9230769, "92.3 %"],
  [1, "100 %"],
])("formatPercent writes the share %s as it was configured: %s", (share, want) => {
  expect(formatPercent(share, TEXT_NOTATION)).toBe(want);
});

test.each([
  [0, "0 s"],
  [45_000, "45 s"],
  [59_600, "1 min"],
  [90_000, "1 min 30 s"],
  [240_000, "4 min"],
  [3_600_000, "1 h"],
  [5_400_000, "1 h 30 min"],
])("formatDuration writes %s ms as %s", (milliseconds, want) => expect(formatDuration(milliseconds, TEXT_NOTATION)).toBe(want));

test("formatClock counts minutes beyond the hour, as the time axis does", () => {
  expect(formatClock(185_000)).toBe("3:05");
  expect(formatClock(3_600_000)).toBe("60:00");
});

test("formatCount keeps all digits and formatPlural adds the noun", () => {
  expect(formatCount(1284, TEXT_NOTATION)).toBe("1,284");
  expect(formatPlural(1, "order", TEXT_NOTATION)).toBe("1 order");
  expect(formatPlural(1284, "order", TEXT_NOTATION)).toBe("1,284 orders");
  expect(formatPlural(2, "batch", TEXT_NOTATION)).toBe("2 batches");
});

test("formatProbability never shows a probability of zero", () => {
  expect(formatProbability(0, TEXT_NOTATION)).toBe("<0.0001");
  expect(formatProbability(0.0123, TEXT_NOTATION)).toBe("0.012");
  expect(formatProbability(1, TEXT_NOTATION)).toBe("1");
  expect(formatProbability(null, TEXT_NOTATION)).toBe("n/a");
});
