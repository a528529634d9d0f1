import * as fc from "fast-check";
import { expect, test } from "vitest";

import { defaultPolicy } from "../../src/evaluator/catalogue/policy.ts";
import { alphaShare, evaluate, policyAtLook } from "../../src/evaluator/evaluate.ts";
import { normalCdf } from "../../src/statistics/distributions.ts";
import { holm } from "../../src/statistics/multiple-tests.ts";
import { seededRandom, standardNormal } from "../../src/statistics/random.ts";
import { syntheticEvidence } from "./synthetic-evidence.ts";

test("a campaign of fixed length spends everything at its one look", () => {
  expect(alphaShare(null)).toEqual({ here: 1, spent: 1 });
  expect(policyAtLook(defaultPolicy, null)).toEqual(defaultPolicy);
});

test("the shares of any number of looks add up to what is said to be spent, and never to the whole", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), (looks) => {
      let sum = 0;
      for (let look = 1; look <= looks; look += 1) sum += alphaShare(look).here;
      expect(sum).toBeCloseTo(alphaShare(looks).spent, 9);
      expect(sum).toBeLessThan(1);
    }),
  );
});

test("later looks ask for more: wider intervals, the same estimate, and a verdict that is never firmer", () => {
  const evidence = syntheticEvidence({ seed: 5, candidate: { latencyFactor: 1.3 } });
  const [fixed, first, fourth] = [null, 1, 4].map((looks) => evaluate({ ...evidence, looks }, defaultPolicy));
  for (const [index, change] of (fixed?.changes ?? []).entries()) {
    const [early, late] = [first?.changes[index], fourth?.changes[index]];
    expect(early?.effect).toBe(change.effect);
    if (change.lower === null || change.upper === null) continue;
    expect(early?.upper ?? Number.NaN).toBeGreaterThanOrEqual(change.upper);
    expect(late?.upper ?? Number.NaN).toBeGreaterThanOrEqual(early?.upper ?? Number.NaN);
    expect(late?.lower ?? Number.NaN).toBeLessThanOrEqual(early?.lower ?? Number.NaN);
  }
  expect(fourth?.method).toMatchObject({ looks: 4, alpha: 0.01 });
  expect(fourth?.method.alphaAtThisLook).toBeCloseTo(0.01 / 20, 12);
  expect(fourth?.method.alphaSpent).toBeCloseTo(0.008, 12);
  expect(fourth?.policy).toEqual(defaultPolicy);
});

test("eight looks at growing data, with gates of several weights, call equal releases worse in at most alpha of campaigns", () => {
  const random = seededRandom(12);
  const [alpha, campaigns] = [0.05, 5000];
  let alarms = 0;
  for (let campaign = 0; campaign < campaigns; campaign += 1) {
    const sums = [0, 0, 0];
    let alarm = false;
    for (let look = 1; look <= 8; look += 1) {
      for (const index of sums.keys()) sums[index] = (sums[index] ?? 0) + standardNormal(random);
      const p = sums.map((sum) => 1 - normalCdf(sum / Math.sqrt(look)));
      if (holm(p, [1, 0.25, 0.1]).some((adjusted) => adjusted <= alpha * alphaShare(look).here)) alarm = true;
    }
    if (alarm) alarms += 1;
  }
  // Three standard errors above; the union bound leaves some of alpha unused, and not nearly all of it.
  expect(alarms / campaigns).toBeLessThanOrEqual(alpha + 3 * Math.sqrt((alpha * (1 - alpha)) / campaigns));
  expect(alarms / campaigns).toBeGreaterThan(alpha / 5);
});
