import { describe, expect, test } from "vitest";

import { designEffect, impliedInflation } from "../../src/statistics/dependence.ts";

describe("design effect of neighbouring values", () => {
  test("is what the autocorrelations of an AR(1) add up to", () => {
    // 1 + 2 sum (1 - k/n) rho^k, by hand for n = 3, rho = .5: 1 + 2 (2/3 x .5 + 1/3 x .25).
    expect(designEffect(0.5, 3)).toBeCloseTo(1 + 2 * (1 / 3 + 1 / 12), 12);
    expect(designEffect(0, 10)).toBe(1);
    expect(designEffect(0.8, 1)).toBe(1);
  });

  test("tends to (1 + rho)/(1 - rho)", () => {
    expect(designEffect(0.6, 100_000)).toBeCloseTo(4, 3);
  });
});

describe("inflation implied by a design effect", () => {
  test("is none where values are independent or more even than that", () => {
    expect(impliedInflation({ designEffect: 1, valuesPerBlock: 10, blocks: 24 })).toBe(1);
    expect(impliedInflation({ designEffect: 0.4, valuesPerBlock: 10, blocks: 24 })).toBe(1);
  });

  test("of rho .8 in blocks of ten is the 1.66 of many blocks, and more where few blocks hide their own spread", () => {
    // Long-run variance 9 over the design effect 5.43 of a block.
    const seen = { designEffect: designEffect(0.8, 10), valuesPerBlock: 10 };
    expect(impliedInflation({ ...seen, blocks: 10_000 })).toBeCloseTo(9 / designEffect(0.8, 10), 2);
    // Six blocks of five: 7.67 over (3.62 - 7.67 / 6) x 6 / 5.
    const few = { designEffect: designEffect(0.8, 5), valuesPerBlock: 5, blocks: 6 };
    expect(impliedInflation(few)).toBeCloseTo(2.73, 2);
  });

  test("stays bounded where noise comes block by block", () => {
    const inflation = impliedInflation({ designEffect: 1000, valuesPerBlock: 10, blocks: 24 });
    expect(inflation).toBeGreaterThan(1.8);
    expect(inflation).toBeLessThan(2.5);
  });
});
