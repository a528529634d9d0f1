import { describe, expect, test } from "vitest";

import type { TimelineSeries } from "../../src/domain/judgement/timeline.ts";
import { clockTicks, niceEnd, niceTicks, partOf, placeOn, stripAxis, timelineStrips } from "../../src/report/charts/axis.ts";
import { decimatePoints } from "../../src/report/charts/timeline.ts";

function series(id: string, overrides: Partial<TimelineSeries> = {}): TimelineSeries {
  return { id, label: id, unit: "ms", layer: "odoo", arm: null, chart: "latency", points: [], ...overrides };
}

const stripsOf = (all: readonly TimelineSeries[]): readonly (readonly string[])[] =>
  timelineStrips({ durationMs: 1, series: all, events: [], excluded: [] }, "latency").map((strip) =>
    strip.series.map(({ id }) => id),
  );

describe("timelineStrips", () => {
  test("groups only arms and quantiles of one quantity", () => {
    const arms = (["baseline", "candidate"] as const).flatMap((arm) => [
      series("checkout.p50", { arm }),
      series("checkout.p95", { arm }),
    ]);
    expect(stripsOf([...arms, series("order-import.p95"), series("host:cpu")])).toEqual([
      ["checkout.p50", "checkout.p95", "checkout.p50", "checkout.p95"],
      ["order-import.p95"],
      ["host:cpu"],
    ]);
  });

  test("does not group series with different units", () => {
    expect(stripsOf([series("a.p50"), series("a.p95", { unit: "s" })])).toHaveLength(2);
  });

  test("labels a strip with the common words of its series", () => {
    const all = [series("o.planned", { label: "orders planned" }), series("o.achieved", { label: "orders achieved" })];
    const [strip] = timelineStrips({ durationMs: 1, series: all, events: [], excluded: [] }, "latency");
    expect(strip?.label).toBe("orders");
    expect(all.map(partOf)).toEqual(["planned", "achieved"]);
  });
});

describe("decimatePoints", () => {
  const points = Array.from({ length: 3600 }, (_, index) => [index * 1000, index === 1234 ? 99 : Math.sin(index)] as const);

  test("keeps at most 300 points, in order, and the peak", () => {
    const kept = decimatePoints(points, 300);
    expect(kept.length).toBeLessThanOrEqual(300);
    expect(kept).toContainEqual([1_234_000, 99]);
    expect(kept.map(([atMs]) => atMs)).toEqual(kept.map(([atMs]) => atMs).toSorted((a, b) => a - b));
  });

  test("keeps a long gap as a gap", () => {
    const gap = points.map(([atMs, value]) => [atMs, atMs > 600_000 && atMs < 1_200_000 ? null : value] as const);
    expect(decimatePoints(gap, 300).filter(([, value]) => value === null).length).toBeGreaterThan(0);
  });

  test("does not change short series", () => expect(decimatePoints(points.slice(0, 300), 300)).toEqual(points.slice(0, 300)));
});

describe("axes", () => {
  test.each([
    [0, [0, 1]],
    [Number.NaN, [0, 1]],
    [3, [0, 1, 2, 3]],
    [103, [0, 50, 100, 150]],
    [0.004, [0, 0.001, 0.002, 0.003, 0.004]],
  ])("niceTicks up to %s are %o", (largest, want) => expect(niceTicks(largest, 4)).toEqual(want));

  test.each([
    [0.13, 0.15],
    [617, 800],
    [1000, 1000],
    [0, 1],
  ])("niceEnd of %s is %s", (largest, want) => expect(niceEnd(largest)).toBe(want));

  test.each([0, 900, 60_000, 240_000, 3_600_000, 86_400_000, 1e9])(
    "clockTicks of %s ms are at most six and inside",
    (durationMs) => {
      const ticks = clockTicks(durationMs);
      expect(ticks.length).toBeLessThanOrEqual(6);
      expect(ticks.at(-1)).toBeLessThanOrEqual(durationMs);
    },
  );

  test("placeOn limits all values to the axis, including values without a logarithm", () => {
    const scale = { minimum: 0.5, maximum: 2, kind: "logarithmic" } as const;
    expect([0.5, 1, 2, 100, 0, -1].map((value) => placeOn(scale, value))).toEqual([0, 50, 100, 100, 0, 0]);
  });

  test("an axis includes zero and negative values", () => {
    const strip = { label: "x", unit: "ms", layer: "odoo", chart: "probe" } as const;
    const lines = (values: readonly (number | null)[]): TimelineSeries[] => [
      series("x", { points: values.map((value, at) => [at, value]) }),
    ];
    expect(stripAxis({ ...strip, series: lines([5, null, 7]) }, 64)).toMatchObject({ minimum: 0, maximum: 8 });
    expect(stripAxis({ ...strip, series: lines([-3, 2]) }, 64)).toMatchObject({ minimum: -3, maximum: 2 });
    expect(stripAxis({ ...strip, series: lines([null]) }, 64)).toBeNull();
  });
});
