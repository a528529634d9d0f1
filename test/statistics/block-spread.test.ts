import { describe, expect, test } from "vitest";

import { studentQuantile } from "../../src/statistics/distributions.ts";
import { quantile } from "../../src/statistics/quantile.ts";
import { seededRandom, standardNormal } from "../../src/statistics/random.ts";
import { blockSpread, type Inside } from "../../src/statistics/spread.ts";

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

/** A duet of one value a second and arm: contributions of its blocks, and what the values inside them say. */
function duet(blocks: number, perBlock: number, rho: number, random: () => number) {
  const n = blocks * perBlock;
  const arms = [chain(n, rho, random), chain(n, rho, random)];
  const means = arms.map((values) => values.reduce((sum, each) => sum + each, 0) / n);
  const contributions = Array.from({ length: blocks }, () => 0);
  let variance = 0;
  for (const [arm, values] of arms.entries()) {
    for (let block = 0; block < blocks; block += 1) {
      const part = values.slice(block * perBlock, (block + 1) * perBlock);
      const sum = part.reduce((total, each) => total + each, 0);
      const sign = arm === 1 ? 1 : -1;
      contributions[block] = (contributions[block] ?? 0) + (sign * (sum - (means[arm] ?? 0) * perBlock)) / n;
      variance += part.reduce((total, each) => total + (each - sum / perBlock) ** 2, 0) / (perBlock - 1) / blocks / n;
    }
  }
  return { effect: (means[1] ?? 0) - (means[0] ?? 0), contributions, inside: { variance, valuesPerBlock: perBlock } };
}

/** judge gives false alarms at a nominal 1 % and the change found in 80 %, in true standard errors, with and without `inside`. */
function judge(blocks: number, perBlock: number, rho: number) {
  const random = seededRandom(blocks * 1000 + perBlock * 10 + rho);
  const repetitions = 1500;
  const quantiles = new Map<string, number>();
  const limitOf = (contributions: readonly number[], inside?: Inside) => {
    const { standardError, degreesOfFreedom } = blockSpread(contributions, { inside });
    const df = degreesOfFreedom.toFixed(1);
    const factor = quantiles.get(df) ?? studentQuantile(0.99, Number(df));
    quantiles.set(df, factor);
    return factor * standardError;
  };
  const needed = { known: [] as number[], unknown: [] as number[] };
  let squares = 0;
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const { effect, contributions, inside } = duet(blocks, perBlock, rho, random);
    squares += effect * effect;
    needed.known.push(limitOf(contributions, inside) - effect);
    needed.unknown.push(limitOf(contributions) - effect);
  }
  const standardError = Math.sqrt(squares / repetitions);
  const describeOne = (values: readonly number[]) => ({
    alarms: values.filter((each) => each < 0).length / repetitions,
    found: quantile(values, 0.8) / standardError,
  });
  return { known: describeOne(needed.known), unknown: describeOne(needed.unknown) };
}

describe("spread over blocks whose values are known", () => {
  // Measured with 12 000 draws: 1.0 to 1.2 % with 6 blocks, 0.4 to 1.0 % with 24; the limits are three standard errors above.
  test.each([
    [6, 5, 0, 0.019],
    [6, 5, 0.6, 0.02],
    [6, 5, 0.8, 0.02],
    [6, 10, 0.8, 0.019],
    [24, 10, 0, 0.018],
    [24, 10, 0.8, 0.012],
  ])("%d blocks of %d values with autocorrelation %d give at most %d false alarms at 1 %%", (blocks, perBlock, rho, limit) => {
    expect(judge(blocks, perBlock, rho).known.alarms).toBeLessThanOrEqual(limit);
  });

  test("a change is found earlier than by blocks alone: 3.5 instead of 4.1 standard errors with 24 blocks of independent values", () => {
    const { known, unknown } = judge(24, 10, 0);
    expect(known.found).toBeLessThan(3.7);
    expect(unknown.found).toBeGreaterThan(3.85);
  });

  test("blocks that vary no more than their values let expect are taken as independent", () => {
    const { contributions } = contributionsOf([3, 1, 4, 1, 5, 9, 2, 6]);
    const independent = (8 / 7) * contributions.reduce((sum, each) => sum + each * each, 0);
    expect(blockSpread(contributions, { inside: { variance: 2 * independent, valuesPerBlock: 10 } }).inflation).toBe(1);
    expect(blockSpread(contributions, { inside: { variance: independent / 5, valuesPerBlock: 10 } }).inflation).toBeGreaterThan(
      1.5,
    );
  });
});
