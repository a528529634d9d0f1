import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import {
  betaCdf,
  betaQuantile,
  logGamma,
  normalCdf,
  normalQuantile,
  studentCdf,
  studentQuantile,
  studentUpperTail,
} from "../../src/statistics/distributions.ts";

/** close compares by relative error. */
function close(actual: number, expected: number, relative = 1e-10): boolean {
  return Math.abs(actual - expected) <= relative * Math.abs(expected);
}

/** counterexample is fast-check's smallest case against a property, or null. */
function counterexample<Arguments>(property: fc.IProperty<Arguments>): Arguments | null {
  return fc.check(property).counterexample;
}

describe("normal distribution", () => {
  // R 4.3: pnorm, qnorm with digits = 16.
  test.each([
    [0, 0.5],
    [1, 0.8413447460685429],
    [-1.959963984540054, 0.025],
    [-5, 2.866515718791939e-7],
    [-10, 7.61985302416047e-24],
  ])("cdf(%d) is %d", (x, p) => expect(close(normalCdf(x), p)).toBe(true));

  test.each([
    [0.975, 1.959963984540054],
    [0.99, 2.326347874040841],
    [1e-10, -6.361340902404056],
  ])("quantile(%d) is %d", (p, x) => expect(close(normalQuantile(p), x)).toBe(true));

  test("the quantile inverts the cdf", () => {
    expect(
      counterexample(
        fc.property(fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true }), (p) => close(normalCdf(normalQuantile(p)), p, 1e-9)),
      ),
    ).toBeNull();
  });

  test("both ends are infinite, beyond them is no number", () => {
    expect(normalQuantile(0)).toBe(-Infinity);
    expect(normalQuantile(1)).toBe(Infinity);
    expect(normalQuantile(1.1)).toBeNaN();
  });
});

describe("Student's t", () => {
  // Tables of Student's t (df 1 and 2 have closed forms: tan(pi(p - 1/2)), and 4.302652729911275 for df 2).
  test.each([
    [0.975, 1, Math.tan(Math.PI * 0.475)],
    [0.975, 2, 4.302652729911275],
    [0.975, 4, 2.776445105197793],
    [0.995, 10, 3.169272672616849],
    [0.95, 1e6, 1.644855],
  ])("quantile(%d, %d) is %d", (p, df, t) => expect(close(studentQuantile(p, df), t, 1e-6)).toBe(true));

  test("the quantile inverts the cdf for any degrees of freedom", () => {
    expect(
      counterexample(
        fc.property(fc.double({ min: 1e-4, max: 1 - 1e-4, noNaN: true }), fc.double({ min: 1, max: 500, noNaN: true }), (p, df) =>
          close(studentCdf(studentQuantile(p, df), df), p, 1e-7),
        ),
      ),
    ).toBeNull();
  });

  test("tails are symmetric and keep small probabilities", () => {
    expect(close(studentUpperTail(10, 2), 0.004926228511662889, 1e-9)).toBe(true);
    expect(studentUpperTail(-3, 7) + studentUpperTail(3, 7)).toBeCloseTo(1, 14);
    expect(studentUpperTail(Infinity, 5)).toBe(0);
  });
});

describe("beta distribution", () => {
  test("I_0.5(2, 3) is 11/16, I_x(1, 1) is x", () => {
    expect(close(betaCdf(0.5, 2, 3), 11 / 16)).toBe(true);
    expect(close(betaCdf(0.3, 1, 1), 0.3)).toBe(true);
  });

  test("ln gamma: 10! and the root of pi", () => {
    expect(close(logGamma(11), Math.log(3_628_800))).toBe(true);
    expect(close(logGamma(0.5), Math.log(Math.PI) / 2)).toBe(true);
  });

  test("the quantile inverts the cdf", () => {
    const shape = fc.double({ min: 0.5, max: 300, noNaN: true });
    expect(
      counterexample(
        fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), shape, shape, (p, a, b) =>
          close(betaCdf(betaQuantile(p, a, b), a, b), p, 1e-6),
        ),
      ),
    ).toBeNull();
  });
});
