import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { normalCdf } from "../../src/statistics/distributions.ts";
import { holm } from "../../src/statistics/multiple-tests.ts";
import { seededRandom, standardNormal } from "../../src/statistics/random.ts";

const probability = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 0.02, noNaN: true }));
const weight = fc.double({ min: 0.01, max: 10, noNaN: true });
const family = fc.array(fc.record({ p: probability, weight }), { minLength: 1, maxLength: 20 });

const adjust = (members: readonly { readonly p: number; readonly weight: number }[]) =>
  holm(
    members.map(({ p }) => p),
    members.map((member) => member.weight),
  );

describe("weighted Holm", () => {
  test("by hand", () => {
    // Demands p / w are .04, .01, .025: the second leads with .01 x 1.75 / 1, then the third with .005 x .75 / .2, then the first.
    const adjusted = holm([0.022, 0.01, 0.005], [0.55, 1, 0.2]);
    expect(adjusted.map((each) => Number(each.toFixed(9)))).toEqual([0.022, 0.0175, 0.01875]);
  });

  test("a later step never asks less than an earlier one", () => {
    // The heavier leads with .03 x 1.1, and the lighter, left with .01 by itself, may not be surer than that.
    expect(holm([0.01, 0.03], [0.1, 1]).map((each) => Number(each.toFixed(9)))).toEqual([0.033, 0.033]);
    // Here the lighter leads, with .001 x 11.
    expect(holm([0.001, 0.02], [0.1, 1]).map((each) => Number(each.toFixed(9)))).toEqual([0.011, 0.02]);
  });

  test("with equal weights of any size is Holm's plain procedure", () => {
    fc.assert(
      fc.property(fc.array(probability, { minLength: 1, maxLength: 20 }), weight, (values, each) => {
        const weighted = holm(
          values,
          values.map(() => each),
        );
        for (const [index, plain] of holm(values).entries()) expect(weighted[index]).toBeCloseTo(plain, 12);
      }),
    );
  });

  test("never rejects what one test alone would not, and always what Bonferroni with these weights would", () => {
    fc.assert(
      fc.property(family, (members) => {
        const whole = members.reduce((total, member) => total + member.weight, 0);
        for (const [index, adjusted] of adjust(members).entries()) {
          const { p, weight: own } = members[index] ?? { p: 1, weight: 1 };
          expect(adjusted).toBeGreaterThanOrEqual(p);
          expect(adjusted).toBeLessThanOrEqual(Math.min(1, (p * whole) / own) + 1e-12);
        }
      }),
    );
  });

  test("a smaller p-value un-rejects nothing", () => {
    fc.assert(
      fc.property(family, fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (members, which, factor) => {
        const smaller = members.map((member, index) =>
          index === which % members.length ? { ...member, p: member.p * factor } : member,
        );
        const before = adjust(members);
        for (const [index, adjusted] of adjust(smaller).entries())
          expect(adjusted).toBeLessThanOrEqual((before[index] ?? 1) + 1e-12);
      }),
    );
  });

  test("the order of the family changes no bit", () => {
    fc.assert(
      fc.property(family, fc.array(fc.nat(), { minLength: 20, maxLength: 20 }), (members, keys) => {
        const order = members.map((_, index) => index).sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0));
        const turned = adjust(order.flatMap((index) => members[index] ?? []));
        const plain = adjust(members);
        expect(turned).toEqual(order.map((index) => plain[index]));
      }),
    );
  });
});

const alpha = 0.05;
const repetitions = 20_000;
/** Three standard errors of that many draws at 5 %. */
const chance = 3 * Math.sqrt((alpha * (1 - alpha)) / repetitions);

/** correlatedP draws one-sided p-values of tests that share a part of their noise; `shifts` are true effects in standard errors. */
function correlatedP(random: () => number, shifts: readonly number[], correlation: number): number[] {
  const common = standardNormal(random);
  return shifts.map(
    (shift) => 1 - normalCdf(shift + Math.sqrt(correlation) * common + Math.sqrt(1 - correlation) * standardNormal(random)),
  );
}

describe("family-wise error by simulation", () => {
  test.each([
    { name: "nothing changed", shifts: [0, 0, 0, 0, 0], correlation: 0 },
    { name: "nothing changed, tests alike", shifts: [0, 0, 0, 0, 0], correlation: 0.7 },
    { name: "the heaviest changed for sure", shifts: [9, 0, 0, 0, 0], correlation: 0 },
    { name: "the lightest changed for sure", shifts: [0, 0, 0, 9, 9], correlation: 0.3 },
    { name: "some changed a little", shifts: [2, 0, 2, 0, 0], correlation: 0.5 },
  ])("$name: a true hypothesis is rejected in 5 % of families at most", ({ shifts, correlation }) => {
    const random = seededRandom(11);
    let wrong = 0;
    for (let repetition = 0; repetition < repetitions; repetition += 1) {
      const adjusted = holm(correlatedP(random, shifts, correlation), [1, 1, 0.25, 0.1, 0.1]);
      if (adjusted.some((each, index) => shifts[index] === 0 && each <= alpha)) wrong += 1;
    }
    expect(wrong / repetitions).toBeLessThanOrEqual(alpha + chance);
    expect(wrong / repetitions).toBeGreaterThan(alpha / 3);
  });
});
