import { describe, expect, test } from "vitest";
import { blockSpread, pairSpread } from "../../src/statistics/block-spread.ts";
import { seededRandom, standardNormal } from "../../src/statistics/random.ts";
import { studentQuantile } from "../../src/statistics/student-t.ts";

/** contributionsOf centres a chain, so that its sum is zero and its mean is the estimate. */
function contributionsOf(values: readonly number[]): { mean: number; contributions: number[] } {
  const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
  return { mean, contributions: values.map((each) => (each - mean) / values.length) };
}

function chain(length: number, rho: number, random: () => number): number[] {
  let state = standardNormal(random);
  return Array.from({ length }, (_, index) => {
    if (index > 0) state = rho * state + Math.sqrt(1 - rho * rho) * standardNormal(random);
    return state;
  });
}

/** falseAlarms is how often a one-sided test at 1 % rejects a mean that is zero. */
function falseAlarms(blocks: number, rho: number): number {
  const random = seededRandom(blocks * 1000 + rho * 10);
  const quantiles = new Map<string, number>();
  const repetitions = 1500;
  let alarms = 0;
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const { mean, contributions } = contributionsOf(chain(blocks, rho, random));
    const spread = blockSpread(contributions);
    const df = spread.degreesOfFreedom.toFixed(1);
    const factor = quantiles.get(df) ?? studentQuantile(0.99, Number(df));
    quantiles.set(df, factor);
    if (mean > factor * spread.standardError) alarms += 1;
  }
  return alarms / repetitions;
}

describe("spread over blocks", () => {
  test("independent pairs have the standard error of the mean", () => {
    // Values 1, 2, 3, 4: standard error sqrt(5/3/4).
    const { contributions } = contributionsOf([1, 2, 3, 4]);
    expect(pairSpread(contributions).standardError).toBeCloseTo(Math.sqrt(5 / 12), 12);
    expect(pairSpread(contributions).degreesOfFreedom).toBe(3);
  });

  test("equal blocks have no spread", () => {
    expect(blockSpread([0, 0, 0, 0, 0, 0]).standardError).toBe(0);
  });

  test("a trend over the blocks widens, alternation does not narrow", () => {
    const trend = blockSpread(contributionsOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).contributions);
    const swing = blockSpread(contributionsOf([1, -1, 1, -1, 1, -1, 1, -1, 1, -1]).contributions);
    expect(trend.inflation).toBeGreaterThan(4);
    expect(swing.inflation).toBe(1);
  });

  test("scaling the blocks scales the error and nothing else", () => {
    const blocks = contributionsOf([3, 1, 4, 1, 5, 9, 2, 6]).contributions;
    const [plain, scaled] = [blockSpread(blocks), blockSpread(blocks.map((each) => each * 1e-6))];
    expect(scaled.standardError / plain.standardError).toBeCloseTo(1e-6, 15);
    expect(scaled.degreesOfFreedom).toBeCloseTo(plain.degreesOfFreedom, 9);
  });

  // Nominal 1 %; the limits are what was measured (6000 draws each) plus three standard errors of this shorter check.
  test.each([
    [15, 0, 0.013],
    [15, 0.3, 0.025],
    [15, 0.6, 0.05],
    [24, 0.6, 0.038],
    [60, 0.8, 0.038],
  ])("%d blocks with autocorrelation %d give at most %d false alarms at 1 %%", (blocks, rho, limit) => {
    expect(falseAlarms(blocks, rho)).toBeLessThanOrEqual(limit);
  });
});
