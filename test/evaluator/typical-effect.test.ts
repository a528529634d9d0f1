import { array, assert, double, property } from "fast-check";
import { expect, test } from "vitest";

import { typicalEffect } from "../../src/evaluator/effects/value-effects.ts";

const block = (...values: number[]) => ({ values });

test("the effect is the ratio of geometric means", () => {
  // sqrt(100 x 400) = 200, sqrt(50 x 200) = 100
  const estimate = typicalEffect({ baseline: [block(50), block(200)], candidate: [block(100), block(400)] });
  expect(estimate?.baseline).toBeCloseTo(100, 9);
  expect(estimate?.candidate).toBeCloseTo(200, 9);
  expect(estimate?.effect).toBeCloseTo(Math.log(2), 12);
});

test("what both arms of a block share cancels: equal blocks contribute nothing", () => {
  const slow = [block(100, 110), block(900, 950), block(120, 130)];
  expect(typicalEffect({ baseline: slow, candidate: slow })?.contributions).toEqual([0, 0, 0]);
});

test("nothing in one arm is no effect", () => {
  expect(typicalEffect({ baseline: [block()], candidate: [block(5)] })).toBeNull();
});

test("the unit does not matter, and a factor on the candidate is the effect", () => {
  const values = array(array(double({ min: 0.1, max: 1e4, noNaN: true }), { minLength: 1, maxLength: 5 }), {
    minLength: 2,
    maxLength: 6,
  });
  assert(
    property(values, double({ min: 0.01, max: 100, noNaN: true }), (lists, factor) => {
      const baseline = lists.map((list) => block(...list));
      const candidate = lists.map((list) => block(...list.map((value) => value * factor)));
      expect(typicalEffect({ baseline, candidate })?.effect).toBeCloseTo(Math.log(factor), 9);
    }),
  );
});
