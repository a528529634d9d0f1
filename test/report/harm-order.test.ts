import { expect, test } from "vitest";

import type { IndicatorChange } from "../../src/domain/judgement/evaluation.ts";
import { nearnessToHarm, sortByHarm } from "../../src/report/words/judgement.ts";
import { type ChangedFields, inventChange, withFields } from "./cases/invented-changes.ts";

function change(indicator: string, overrides: ChangedFields): IndicatorChange {
  const quantity = {
    id: indicator,
    label: indicator,
    unit: "ms",
    kind: "latency",
    layer: "odoo",
    relative: 0.1,
    gate: true,
  } as const;
  return withFields(inventChange("checkout", 100, { ...quantity, baseline: 100, effect: 1, halfWidth: 0.01 }), overrides);
}

test("the order is regressed, inconclusive, not worse, equivalent, improved", () => {
  const sorted = sortByHarm([
    change("e", { change: "improved", upper: 0.8 }),
    change("d", { change: "equivalent", upper: 1.09 }),
    change("c", { change: "inconclusive", notWorse: true, upper: 1.05 }),
    change("b", { change: "inconclusive", notWorse: false, upper: 1.9 }),
    change("a", { change: "regressed", upper: 1.2 }),
  ]);
  expect(sorted.map(({ indicator }) => indicator)).toEqual(["a", "b", "c", "d", "e"]);
});

test("within one judgement, the interval closest to its own margin comes first, for all units", () => {
  const far = change("far", { upper: 1.02, marginUpper: 1.1 });
  const near = change("near", { upper: 1.019, marginUpper: 1.02 });
  const difference = change("points", { effectKind: "difference", upper: 0.02, marginUpper: 0.03 });
  expect(sortByHarm([far, difference, near]).map(({ indicator }) => indicator)).toEqual(["near", "points", "far"]);
});

test("nearness is 1 at the margin, and mirrored where higher is better", () => {
  // ln(1.1) / ln(1.1) = 1; ln(0.81) / ln(0.9) = 2.
  expect(nearnessToHarm(change("x", { upper: 1.1, marginUpper: 1.1 }))).toBeCloseTo(1, 12);
  expect(nearnessToHarm(change("x", { better: "higher", lower: 0.81, marginLower: 0.9 }))).toBeCloseTo(2, 12);
});

test("changes without an estimate come last within their judgement, and ties are sorted by name", () => {
  const empty = { change: "inconclusive", notWorse: false, effect: null, lower: null, upper: null } as const;
  const sorted = sortByHarm([change("b", empty), change("a", empty), change("z", { ...empty, effect: 1.2 })]);
  expect(sorted.map(({ indicator }) => indicator)).toEqual(["z", "a", "b"]);
});
