import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { wilsonInterval } from "../../bench/judge/wilson.ts";
import { binomialUpperTail, conditionalTest, type Count, shareLimit } from "../../src/statistics/distributions.ts";
import { seededRandom } from "../../src/statistics/random.ts";
import { type KnownShare, shareDifferenceLimit, shareDifferencePValue } from "../../src/statistics/shares.ts";

describe("binomial tail", () => {
  test("8 or more heads of 10 have 56/1024", () => {
    expect(binomialUpperTail(8, 10, 0.5)).toBeCloseTo(56 / 1024, 12);
  });

  test("agrees with the exact sum in integers for 48 of 60", () => {
    let sum = 0n;
    let choose = 1n;
    for (let k = 0n; k <= 60n; k += 1n) {
      if (k >= 48n) sum += choose;
      choose = (choose * (60n - k)) / (k + 1n);
    }
    const exact = Number(sum) / 2 ** 60;
    expect(conditionalTest({ events: 12, exposure: 60 }, { events: 48, exposure: 60 }) / exact).toBeCloseTo(1, 9);
  });

  test("no events say nothing", () => {
    expect(conditionalTest({ events: 0, exposure: 50 }, { events: 0, exposure: 50 })).toBe(1);
  });
});

describe("limits of one share", () => {
  // Newcombe 1998, table I: 95 % intervals for 81/263 and 1/29.
  test.each([
    [81, 263, 0.2553, 0.3662, 0.2527, 0.3676],
    [1, 29, 0.0061, 0.1718, 0.0009, 0.1776],
  ])("%d of %d: score %d to %d, exact %d to %d", (events, exposure, low, high, exactLow, exactHigh) => {
    const score = wilsonInterval(events, exposure, 0.95);
    expect(score.lower).toBeCloseTo(low, 4);
    expect(score.upper).toBeCloseTo(high, 4);
    expect(shareLimit({ events, exposure }, 0.025, "lower")).toBeCloseTo(exactLow, 4);
    expect(shareLimit({ events, exposure }, 0.025, "upper")).toBeCloseTo(exactHigh, 4);
  });

  test("none of n leaves 1 - alpha^(1/n)", () => {
    expect(shareLimit({ events: 0, exposure: 60 }, 0.05, "upper")).toBeCloseTo(1 - 0.05 ** (1 / 60), 12);
    expect(shareLimit({ events: 0, exposure: 60 }, 0.05, "lower")).toBe(0);
  });

  test("no exposure leaves everything open", () => {
    expect(shareLimit({ events: 0, exposure: 0 }, 0.05, "upper")).toBe(1);
    expect(wilsonInterval(0, 0, 0.95)).toMatchObject({ lower: 0, upper: 1 });
  });
});

describe("difference of shares", () => {
  const exact = (count: Count): KnownShare => ({ least: [count], most: [count] });
  const arm = fc
    .integer({ min: 1, max: 200 })
    .chain((exposure) => fc.record({ exposure: fc.constant(exposure), events: fc.integer({ min: 0, max: exposure }) }));

  test("swapping the arms mirrors the limits", () => {
    fc.assert(
      fc.property(arm, arm, (a, b) => {
        const there = shareDifferenceLimit(exact(a), exact(b), 0.05, "lower");
        expect(there).toBeCloseTo(-shareDifferenceLimit(exact(b), exact(a), 0.05, "upper"), 9);
      }),
    );
  });

  test("one more failure of the candidate never raises the p-value", () => {
    fc.assert(
      fc.property(arm, arm, (baseline, candidate) => {
        const worse = { ...candidate, events: Math.min(candidate.exposure, candidate.events + 1) };
        expect(shareDifferencePValue(exact(baseline), exact(worse), 0.02)).toBeLessThanOrEqual(
          shareDifferencePValue(exact(baseline), exact(candidate), 0.02) + 1e-9,
        );
      }),
      { numRuns: 60 },
    );
  });

  test("at the margin itself false alarms stay below alpha, even for small shares", () => {
    const random = seededRandom(11);
    const draw = (share: number) => ({
      exposure: 150,
      events: Array.from({ length: 150 }, () => random()).filter((each) => each < share).length,
    });
    const alarms = Array.from({ length: 1500 }).filter(
      () => shareDifferenceLimit(exact(draw(0.01)), exact(draw(0.03)), 0.05, "lower") > 0.02,
    ).length;
    expect(alarms / 1500).toBeLessThanOrEqual(0.05);
  });
});
