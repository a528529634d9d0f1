import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { benjaminiHochberg, holm } from "../../src/statistics/multiple-tests.ts";
import { median, quantile } from "../../src/statistics/quantile.ts";
import { seededRandom, standardNormal } from "../../src/statistics/random.ts";

describe("quantile R-7", () => {
  // R: quantile(c(1, 2, 3, 4, 10), p, type = 7)
  test.each([
    [0, 1],
    [0.25, 2],
    [0.5, 3],
    [0.95, 8.8],
    [1, 10],
  ])("at %d of 1, 2, 3, 4, 10 is %d", (probability, want) => {
    expect(quantile([10, 3, 1, 4, 2], probability)).toBeCloseTo(want, 12);
  });

  test("an empty sample has none", () => expect(median([])).toBeNaN());

  test("grows with its probability and stays among the values", () => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(
        values,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (sample, p, q) => {
          const [low, high] = [quantile(sample, Math.min(p, q)), quantile(sample, Math.max(p, q))];
          expect(low).toBeLessThanOrEqual(high + 1e-6);
          expect(low).toBeGreaterThanOrEqual(Math.min(...sample));
          expect(high).toBeLessThanOrEqual(Math.max(...sample) + 1e-6);
        },
      ),
    );
  });
});

describe("corrections for several tests", () => {
  const p = [0.01, 0.04, 0.03, 0.005];
  // R: p.adjust(p, "holm"), p.adjust(p, "BH")
  test("Holm", () => expect(holm(p).map((each) => Number(each.toFixed(6)))).toEqual([0.03, 0.06, 0.06, 0.02]));
  test("Benjamini-Hochberg", () => {
    expect(benjaminiHochberg(p).map((each) => Number(each.toFixed(6)))).toEqual([0.02, 0.04, 0.04, 0.02]);
  });
});

describe("seeded random numbers", () => {
  test("repeat with the seed and differ without", () => {
    const take = (seed: number) => Array.from({ length: 5 }, seededRandom(seed));
    expect(take(7)).toEqual(take(7));
    expect(take(7)).not.toEqual(take(8));
  });

  test("fill ten bins evenly (chi-square with 9 df below 27.9, its 99.9 % point)", () => {
    const random = seededRandom(1);
    const bins = Array.from({ length: 10 }, () => 0);
    for (let draw = 0; draw < 20_000; draw += 1) {
      const bin = Math.floor(random() * 10);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    expect(bins.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0)).toBeLessThan(27.9);
  });

  test("normal draws have mean 0 and variance 1", () => {
    const random = seededRandom(2);
    const draws = Array.from({ length: 20_000 }, () => standardNormal(random));
    const mean = draws.reduce((sum, each) => sum + each, 0) / draws.length;
    const variance = draws.reduce((sum, each) => sum + (each - mean) ** 2, 0) / draws.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.05);
  });
});
