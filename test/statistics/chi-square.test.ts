import { describe, expect, test } from "vitest";

import { lagOneAutocorrelation } from "../../src/statistics/dependence.ts";
import { chiSquareCdf, chiSquareQuantile } from "../../src/statistics/distributions.ts";
import { seededRandom, standardNormal } from "../../src/statistics/random.ts";

describe("chi-square", () => {
  // With 2 degrees of freedom the cdf is 1 - exp(-x/2); the others are from Pearson and Hartley's tables.
  test.each([
    { probability: 0.2, df: 2, want: -2 * Math.log(0.8) },
    { probability: 0.999, df: 2, want: -2 * Math.log(0.001) },
    { probability: 0.95, df: 1, want: 3.841459 },
    { probability: 0.95, df: 10, want: 18.307038 },
    { probability: 0.05, df: 10, want: 3.940299 },
    { probability: 0.995, df: 30, want: 53.671962 },
    { probability: 0.005, df: 100, want: 67.327563 },
  ])("quantile $probability with $df degrees of freedom", ({ probability, df, want }) => {
    expect(chiSquareQuantile(probability, df)).toBeCloseTo(want, 5);
  });

  test("cdf and quantile undo each other, in the tails and for many degrees of freedom", () => {
    for (const df of [1, 7, 8.5, 40, 1000]) {
      for (const probability of [1e-6, 0.01, 0.2, 0.5, 0.8, 0.999999]) {
        expect(chiSquareCdf(chiSquareQuantile(probability, df), df)).toBeCloseTo(probability, 11);
      }
    }
  });

  test("nothing is below zero, everything below infinity", () => {
    expect(chiSquareCdf(0, 3)).toBe(0);
    expect(chiSquareQuantile(0, 3)).toBe(0);
    expect(chiSquareQuantile(1, 3)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("lag-one autocorrelation", () => {
  test("is that of the textbook estimate", () => {
    // (1 - 2.5)(2 - 2.5) + (2 - 2.5)(3 - 2.5) + (3 - 2.5)(4 - 2.5) = 1.25, over squares of 5.
    expect(lagOneAutocorrelation([1, 2, 3, 4])).toBeCloseTo(0.25, 12);
    expect(lagOneAutocorrelation([1, -1, 1, -1, 1, -1])).toBeCloseTo(-5 / 6, 12);
    expect(lagOneAutocorrelation([3, 3, 3])).toBe(0);
  });

  test("finds the correlation of a long series", () => {
    const random = seededRandom(3);
    let state = 0;
    const series = Array.from({ length: 20_000 }, () => (state = 0.6 * state + standardNormal(random)));
    expect(lagOneAutocorrelation(series)).toBeCloseTo(0.6, 1);
  });
});
