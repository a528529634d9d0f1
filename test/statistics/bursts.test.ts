import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { burstCounts } from "../../src/statistics/bursts.ts";
import type { Count } from "../../src/statistics/distributions.ts";
import { seededRandom } from "../../src/statistics/random.ts";
import { shareDifferenceLimit } from "../../src/statistics/shares.ts";

const of = (events: readonly number[], exposure = 20): Count[] => events.map((each) => ({ events: each, exposure }));
const none = of(Array.from({ length: 10 }, () => 0));
const difference = (baseline: readonly Count[], candidate: readonly Count[], side: "lower" | "upper", alpha = 0.01) =>
  shareDifferenceLimit(burstCounts(baseline), burstCounts(candidate), alpha, side);

describe("counts that come in bursts", () => {
  test("are whole where they come one by one", () => {
    const even = burstCounts(of([1, 0, 1, 1, 0, 1, 1, 0, 1, 1]));
    expect(even).toMatchObject({ burst: 1, whole: { events: 7, exposure: 200 }, least: [{ events: 7, exposure: 200 }] });
  });

  test("count for about one event where all of them come at once", () => {
    const { whole, least } = burstCounts(of([0, 0, 0, 20, 0, 0, 0, 0, 0, 0]));
    expect(whole.events).toBeLessThan(1);
    expect(least[0]).toEqual({ events: expect.closeTo(1, 1), exposure: 200 });
  });

  test("lose no event that came one by one to a burst beside it", () => {
    const quiet = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2];
    const { least, whole } = burstCounts(of([20, ...quiet.slice(1)]));
    expect(whole.events).toBeLessThan(4);
    expect(least[0]?.events).toBeGreaterThanOrEqual(20);
  });
});

describe("one failure more, wherever it falls", () => {
  const blocks = fc.integer({ min: 2, max: 9 }).chain((length) => {
    const failures = fc.array(fc.oneof(fc.constant(0), fc.nat({ max: 3 }), fc.nat({ max: 25 })), {
      minLength: length,
      maxLength: length,
    });
    return fc.record({ baseline: failures, candidate: failures, more: failures });
  });
  const worse = (counts: readonly Count[], more: readonly number[]): Count[] =>
    counts.map(({ events, exposure }, index) => ({ events: Math.min(exposure, events + (more[index] ?? 0)), exposure }));

  test("never makes an arm look better, in either arm and at either limit", () => {
    fc.assert(
      fc.property(
        blocks,
        fc.constantFrom(25, 60),
        fc.constantFrom(0.05, 0.001),
        ({ baseline, candidate, more }, exposure, alpha) => {
          const [before, after] = [of(baseline, exposure), of(candidate, exposure)];
          for (const side of ["lower", "upper"] as const) {
            const limit = difference(before, after, side, alpha);
            expect(difference(before, worse(after, more), side, alpha)).toBeGreaterThanOrEqual(limit - 1e-9);
            expect(difference(worse(before, more), after, side, alpha)).toBeLessThanOrEqual(limit + 1e-9);
          }
        },
      ),
      { numRuns: 80 },
    );
  });

  test("as in a candidate that fails all along and then has a bad moment too", () => {
    const failing = of([3, 4, 3, 4, 3, 4, 3, 4, 3, 4]);
    const limit = difference(none, failing, "lower");
    expect(limit).toBeGreaterThan(0.05);
    expect(difference(none, worse(failing, [0, 0, 0, 16]), "lower")).toBeGreaterThanOrEqual(limit);
  });
});

describe("false alarms at the margin itself", () => {
  /** The share of a block: all failures one by one; most of them in rare bursts; half of them so. */
  const kinds: Readonly<Record<string, (share: number, luck: number) => number>> = {
    even: (share) => share,
    bursts: (share, luck) => (luck < share / 0.3 ? 0.3 : 0),
    both: (share, luck) => share / 2 + (luck < share / 0.6 ? 0.3 : 0),
  };

  test.each(Object.keys(kinds))("stay about where they may be: %s", (name) => {
    const random = seededRandom(11);
    const draw = (share: number): Count[] =>
      none.map(({ exposure }) => {
        const rate = kinds[name]?.(share, random()) ?? 0;
        return { exposure, events: Array.from({ length: exposure }, () => random()).filter((each) => each < rate).length };
      });
    const alarms = Array.from({ length: 400 }).filter(() => difference(draw(0.02), draw(0.07), "lower", 0.05) > 0.05).length;
    expect(alarms / 400).toBeLessThanOrEqual(0.05);
  });
});
