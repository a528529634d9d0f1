import { expect, test } from "vitest";

import { insideBlocks } from "../../src/evaluator/effects/estimate.ts";
import { typicalEffect } from "../../src/evaluator/effects/value-effects.ts";

test("the variance inside blocks, over the number of values, adds up over the arms", () => {
  // Two blocks of seven and one empty one: pooled variance 24/12 = 2, over 14 values.
  const arm = { sizes: [7, 0, 7], squares: [10, 0, 14], scale: 1 };
  expect(insideBlocks(arm, { ...arm, scale: 3 })).toEqual({ variance: (2 + 18) / 14, valuesPerBlock: 7 });
});

test("blocks of one value have no inside", () => {
  const arm = { sizes: [1, 1, 1], squares: [0, 0, 0], scale: 1 };
  expect(insideBlocks(arm, arm)).toBeUndefined();
});

test("a slow stretch that both arms live through widens no block from inside", () => {
  const steady = [90, 100, 110, 95, 105, 100, 98, 102, 97, 103, 99, 101, 100];
  const quiet = [steady, steady, steady].map((values) => ({ values }));
  const slow = [steady, steady.map((value) => 3 * value), steady].map((values) => ({ values }));
  const [calm, stressed] = [quiet, slow].map((arm) => typicalEffect({ baseline: arm, candidate: arm })?.inside?.variance ?? 0);
  expect(stressed).toBeCloseTo(calm ?? 0, 12);
});
