import { describe, expect, test } from "vitest";

import { pooledVariance } from "../../src/statistics/spread.ts";

const inside = { variance: 4, valuesPerBlock: 10 };
const between = (variance: number, blocks = 24) => ({ variance, degreesOfFreedom: blocks - 1 });

describe("variance between blocks and inside them", () => {
  test("are pooled where they agree, and better known together", () => {
    const pooled = pooledVariance(between(4.2), inside, 24);
    expect(pooled.variance).toBeGreaterThan(4.09);
    expect(pooled.variance).toBeLessThan(4.2);
    expect(pooled.degreesOfFreedom).toBeGreaterThan(60);
  });

  test.each([8, 1])("are not where blocks vary by %d against 4, by dependence or by noise that both arms share", (variance) => {
    expect(pooledVariance(between(variance), inside, 24)).toEqual(between(variance));
  });

  test("are not with a dozen blocks, nor where a block holds one value", () => {
    expect(pooledVariance(between(4.2, 12), inside, 12)).toEqual(between(4.2, 12));
    expect(pooledVariance(between(4.2), { ...inside, valuesPerBlock: 1 }, 24)).toEqual(between(4.2));
  });

  test("lend less the further apart they are", () => {
    const known = [4, 4.6, 5.2, 5.8].map((variance) => pooledVariance(between(variance), inside, 24).degreesOfFreedom);
    expect(known).toEqual(known.toSorted((a, b) => b - a));
  });
});
