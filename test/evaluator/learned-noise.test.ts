import { describe, expect, test } from "vitest";

import { learnedNoise } from "../../src/evaluator/learn-indicators.ts";
import { seededRandom, standardNormal } from "../../src/statistics/random.ts";

/** Draws runs whose value differs by `between` from run to run and by `within` by chance inside the run. */
function draw(random: () => number, options: { runs: number; between: number; within: number; bias?: number; halves?: number }) {
  const { runs, between, within, bias = 0, halves = 1 } = options;
  return Array.from({ length: runs }, () => ({
    value: bias + Math.hypot(Math.sqrt(halves) * between, within) * standardNormal(random),
    withinVariance: within ** 2,
  }));
}

describe("noise between runs", () => {
  test.each([
    { name: "runs of one arm", kind: "values", halves: 1, runs: 8 },
    { name: "runs of both arms", kind: "effects", halves: 2, runs: 8 },
    { name: "many runs of both arms", kind: "effects", halves: 2, runs: 30 },
  ] as const)("is not above its upper limit more often than promised: $name", ({ kind, halves, runs }) => {
    const random = seededRandom(11);
    let covered = 0;
    const repetitions = 2000;
    for (let repetition = 0; repetition < repetitions; repetition += 1) {
      const learned = learnedNoise(draw(random, { runs, between: 0.06, within: 0.02, halves }), { kind, scale: "log" });
      if (learned.upperSd >= 0.06) covered += 1;
    }
    // 80 % by the limit itself, and some more by the widening for chance autocorrelation.
    expect(covered / repetitions).toBeGreaterThan(0.79);
    expect(covered / repetitions).toBeLessThan(0.92);
  });

  test("is guessed without bias where there are many runs, whatever the noise inside them", () => {
    const random = seededRandom(5);
    for (const within of [0.01, 0.05, 0.1]) {
      const runs = draw(random, { runs: 40_000, between: 0.05, within });
      const { sd, upperSd, df } = learnedNoise(runs, { kind: "values", scale: "log" });
      expect(sd).toBeGreaterThan(0.045);
      expect(sd).toBeLessThan(0.055);
      expect(upperSd).toBeGreaterThan(sd);
      expect(df).toBe(39_999);
    }
  });

  test("is zero where the noise inside the runs explains all", () => {
    const runs = Array.from({ length: 10 }, (_, index) => ({ value: index % 2 === 0 ? 0.01 : -0.01, withinVariance: 0.01 }));
    expect(learnedNoise(runs, { kind: "values", scale: "log" })).toMatchObject({ sd: 0, upperSd: 0 });
  });

  test("counts a bias between the arms as noise, and shows it", () => {
    const runs = Array.from({ length: 8 }, () => ({ value: 0.1, withinVariance: 0 }));
    const learned = learnedNoise(runs, { kind: "effects", scale: "log" });
    expect(learned.bias).toBeCloseTo(0.1, 12);
    // The judge takes the noise of two runs, so that of one is less by the root of two.
    expect(learned.sd * Math.SQRT2).toBeCloseTo(0.1, 12);
    expect(learnedNoise(runs, { kind: "values", scale: "log" }).sd).toBeCloseTo(0, 12);
  });

  test("is widened where successive runs resemble each other, and not narrowed where they take turns", () => {
    const of = (values: readonly number[]) =>
      learnedNoise(
        values.map((value) => ({ value, withinVariance: 0 })),
        { kind: "values", scale: "log" },
      );
    const drifting = of([1, 2, 3, 4, 5, 6, 7, 8]);
    const turning = of([1, 8, 2, 7, 3, 6, 4, 5]);
    expect(drifting.sd).toBeCloseTo(turning.sd, 12);
    expect(turning.autocorrelation).toBeLessThan(0);
    // Lag-one autocorrelation of 1..8 is 26.25 / 42.
    expect(drifting.upperSd / turning.upperSd).toBeCloseTo(Math.sqrt((42 + 26.25) / (42 - 26.25)), 9);
  });
});
