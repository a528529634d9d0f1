import { expect, test } from "vitest";

import { blockEffect } from "../../src/evaluator/effects/block-effect.ts";
import { quantileEffect } from "../../src/evaluator/effects/value-effects.ts";
import { seededRandom, standardNormal } from "../../src/statistics/random.ts";

const noise = { blocksArePairs: false, betweenRunSd: 0 };

test("one fast and one slow request in every block is no proof of anything about the median", () => {
  // The median lies in the gap between both kinds, and every block has half of its values below: blocks show no spread at all.
  const arm = (fast: number, slow: number) => Array.from({ length: 12 }, () => ({ values: [fast, slow] }));
  const estimate = quantileEffect({ baseline: arm(10, 100), candidate: arm(10, 104) }, 0.5);
  expect(estimate?.contributions.every((each) => each === 0)).toBe(true);
  const effect = estimate === null ? null : blockEffect(estimate, noise);
  expect(effect?.limit(0.05, "lower")).toBeLessThan(-0.1);
  expect(effect?.pBeyond(0.001, "above")).toBe(1);
});

test("equal constants differ by nothing", () => {
  const arm = Array.from({ length: 6 }, () => ({ values: [7, 7] }));
  const estimate = quantileEffect({ baseline: arm, candidate: arm }, 0.95);
  expect(estimate?.effect).toBe(0);
  expect(estimate?.resolution).toBe(0);
});

test("blocks of independent values let the values inside them say how independent they are", () => {
  const random = seededRandom(3);
  const arm = () =>
    Array.from({ length: 24 }, () => ({ values: Array.from({ length: 10 }, () => Math.exp(0.15 * standardNormal(random))) }));
  const estimate = quantileEffect({ baseline: arm(), candidate: arm() }, 0.5);
  // Median of n log-normal values: 1.2533 sd / sqrt(n) in each arm.
  const expected = Math.SQRT2 * ((1.2533 * 0.15) / Math.sqrt(240));
  expect(Math.sqrt(estimate?.inside?.variance ?? 0)).toBeGreaterThan(0.75 * expected);
  expect(Math.sqrt(estimate?.inside?.variance ?? 0)).toBeLessThan(1.25 * expected);
  expect(estimate?.inside?.valuesPerBlock).toBe(10);
});
