import { describe, expect, test } from "vitest";

import type { IndicatorChange } from "../../src/domain/judgement/evaluation.ts";
import { TEXT_NOTATION } from "../../src/report/words/figures.ts";
import { describeFigures, describeDoubt, formatEffect, formatInterval, formatMargin } from "../../src/report/words/judgement.ts";
import { type ChangedFields, inventChange, withFields } from "./cases/invented-changes.ts";

function ratio(overrides: ChangedFields = {}): IndicatorChange {
  const quantity = { id: "x", label: "x", unit: "ms", kind: "latency", layer: "odoo", relative: 0.15, gate: true } as const;
  return withFields(inventChange("checkout", 100, { ...quantity, baseline: 200, effect: 1.03, halfWidth: 0.05 }), overrides);
}

const noData = { baseline: null, candidate: null, effect: null, lower: null, upper: null, change: "inconclusive" } as const;

test("a ratio is shown as values, change, interval and margin", () => {
  expect(describeFigures(ratio({ lower: 0.98, upper: 1.08 }), TEXT_NOTATION)).toBe(
    "200 → 206 ms, +3.00 % [-2.00, +8.00], margin 15 %",
  );
});

test("a ratio of ten or more is shown as a factor, and so are its bounds", () => {
  const change = ratio({ effect: 12.4, lower: 11, upper: 14.02 });
  expect(`${formatEffect(change, TEXT_NOTATION)} ${formatInterval(change, TEXT_NOTATION)}`).toBe("×12.4 [×11.0, ×14.0]");
});

test("a difference of shares is shown in percentage points", () => {
  const change = ratio({ effectKind: "difference", unit: "ratio", effect: 0.012, lower: 0.004, upper: 0.02 });
  expect(`${formatEffect(change, TEXT_NOTATION)} ${formatInterval(change, TEXT_NOTATION)}`).toBe("+1.20 points [+0.400, +2.00]");
});

test("both arms are shown in one unit, chosen by the larger value", () => {
  const change = ratio({ unit: "bytes", baseline: 900, candidate: 48_000 });
  expect(describeFigures(change, TEXT_NOTATION)).toMatch(/^0\.900 → 48\.0 kB, /);
});

test.each([
  [{ relative: 0.02, absolute: 0 }, "2 %"],
  [{ relative: 0.15, absolute: 5 }, "15 %, at least 5 ms"],
  [{ relative: 0, absolute: 5 }, "5 ms"],
])("the margin %o is shown as %s", (margin, want) => expect(formatMargin(ratio({ margin }), TEXT_NOTATION)).toBe(want));

test("a missing bound is shown as open, not as a number", () => {
  expect(formatInterval(ratio({ lower: null, upper: 1.2 }), TEXT_NOTATION)).toBe("[open, +20.0]");
  expect(formatInterval(ratio({ lower: null, upper: null }), TEXT_NOTATION)).toBe("no interval");
});

describe("an inconclusive indicator states what would decide it", () => {
  const doubt = { change: "inconclusive", notWorse: false } as const;
  test.each([
    [{ ...doubt, moreMinutes: 8.2 }, "not decided: about 9 more minutes of load would probably be enough"],
    [{ ...doubt, moreMinutes: 0.3 }, "not decided: about 1 more minute of load would probably be enough"],
    [
      { ...doubt, moreMinutes: null, minimumDetectableEffect: 0.34 },
      "not decided: this amount of load detects changes of 34 % or more",
    ],
    [{ ...noData, notWorse: false, moreMinutes: null, warnings: ["0 of 100"] }, "not decided: 0 of 100"],
    [{ ...noData, notWorse: false, moreMinutes: null, warnings: [] }, "not decided: no data was measured"],
    [{ ...doubt, notWorse: true }, "not worse than the margin; equivalent or improved is not decided"],
  ])("%o", (overrides, want) => expect(describeDoubt(ratio(overrides), TEXT_NOTATION)).toBe(want));

  test("without an estimate no number is shown", () => {
    expect(describeFigures(ratio({ ...noData, notWorse: false, moreMinutes: null }), TEXT_NOTATION)).not.toMatch(/n\/a|NaN|null/);
  });
});
