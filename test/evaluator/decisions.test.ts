import { describe, expect, test } from "vitest";

import { HarnessError } from "../../src/domain/error.ts";
import type { IndicatorChange } from "../../src/domain/judgement/evaluation.ts";
import { weights } from "../../src/evaluator/catalogue/margins.ts";
import { defaultPolicy } from "../../src/evaluator/catalogue/policy.ts";
import { classifyChange } from "../../src/evaluator/decision/indicator-change.ts";
import { blockEffect } from "../../src/evaluator/effects/block-effect.ts";
import { countEffect } from "../../src/evaluator/effects/count-effect.ts";
import { marginLimits } from "../../src/evaluator/effects/measured-indicator.ts";
import { quantileEffect, ratioEffect } from "../../src/evaluator/effects/value-effects.ts";
import { evaluate } from "../../src/evaluator/evaluate.ts";
import { syntheticEvidence } from "./synthetic-evidence.ts";

describe("a change is placed against its margin", () => {
  const limits = { lower: -0.05, upper: 0.05 };
  test.each([
    { name: "wholly above", lower: 0.06, upper: 0.2, p: 0.001, want: "regressed" },
    { name: "wholly above, but not sure enough over all gates", lower: 0.06, upper: 0.2, p: 0.03, want: "inconclusive" },
    { name: "wholly inside", lower: -0.02, upper: 0.04, p: 1, want: "equivalent" },
    { name: "touching the limit", lower: -0.02, upper: 0.05, p: 1, want: "inconclusive" },
    { name: "straddling the upper limit", lower: -0.01, upper: 0.2, p: 1, want: "inconclusive" },
    { name: "straddling the lower limit", lower: -0.2, upper: 0.01, p: 1, want: "inconclusive" },
    { name: "wholly below", lower: -0.2, upper: -0.06, p: 1, want: "improved" },
  ])("$name is $want where lower is better", ({ lower, upper, p, want }) => {
    const options = { limits, better: "lower", pAdjusted: p, pImproved: 0.001, alpha: 0.01 } as const;
    expect(classifyChange({ lower, upper }, options)).toBe(want);
  });

  test("higher values harm nobody where higher is better", () => {
    const options = { limits, better: "higher", pAdjusted: 0.001, pImproved: 0.001, alpha: 0.01 } as const;
    expect(classifyChange({ lower: 0.06, upper: 0.2 }, options)).toBe("improved");
    expect(classifyChange({ lower: -0.2, upper: -0.06 }, options)).toBe("regressed");
  });
});

describe("the larger part of a margin counts", () => {
  test.each([
    { margin: { relative: 0.15, absolute: 30 }, value: 100, want: 1.3 },
    { margin: { relative: 0.15, absolute: 30 }, value: 1000, want: 1.15 },
    { margin: { relative: 0.0005, absolute: 0.5 }, value: 50, want: 1.01 },
  ])("$margin of $value allows a factor of $want", ({ margin, value, want }) => {
    const limits = marginLimits(margin, "log", { baseline: value, candidate: value });
    expect(Math.exp(limits.upper)).toBeCloseTo(want, 12);
    expect(limits.lower).toBe(-limits.upper);
  });
});

describe("swapped arms", () => {
  test.each(["log", "difference"] as const)("have the same limits on the %s scale, however far apart they are", (scale) => {
    const margin = { relative: 0.05, absolute: 3 };
    const there = marginLimits(margin, scale, { baseline: 10, candidate: 40 });
    expect(marginLimits(margin, scale, { baseline: 40, candidate: 10 })).toEqual(there);
  });
});

describe("several gates", () => {
  const slower = evaluate(syntheticEvidence({ seed: 2, candidate: { latencyFactor: 1.35 } }), defaultPolicy);
  const gates = slower.changes.filter(({ gate }) => gate);
  const whole = gates.reduce((total, { weight = Number.NaN }) => total + weight, 0);
  const demand = ({ p, weight = Number.NaN }: IndicatorChange) => (p ?? 1) / weight;

  test("share one alpha by their weights, which stand in the verdict: the p-value that leads counts as often as its share is small", () => {
    expect(Object.fromEntries(gates.map(({ indicator, weight }) => [indicator, weight]))).toEqual({
      "order-import.statements-per-transaction": weights.countedWork,
      "order-import.latency-typical": 1,
      "order-import.latency-p95": weights.tail,
      "order-import.failed-transactions": weights.failures,
      "platform.serialization-retries": weights.retries,
      "platform.blocks-per-transaction": weights.countedWork,
      "platform.odoo-cpu-ms-per-transaction": 1,
    });
    const [leader] = gates.toSorted((a, b) => demand(a) - demand(b));
    expect(leader?.p).toBeLessThan(0.2);
    expect(leader?.pAdjusted).toBeCloseTo(whole * (leader === undefined ? 1 : demand(leader)), 12);
  });

  test("leave what only informs without a weight", () => {
    expect(new Set(slower.changes.filter(({ gate }) => !gate).map(({ weight }) => weight))).toEqual(new Set([undefined]));
  });

  test("a heavier gate would have found a smaller change, and needs no more minutes", () => {
    const evidence = syntheticEvidence({ seed: 2, candidate: { latencyFactor: 1.35 } });
    const weighing = (weight: number) => {
      const series = evidence.series.map((each) =>
        each.indicator.id === "order-import.latency-typical" ? { ...each, indicator: { ...each.indicator, weight } } : each,
      );
      return evaluate({ ...evidence, series }, defaultPolicy).changes.find(({ indicator }) => indicator.endsWith("typical"));
    };
    const [light, heavy] = [weighing(0.05), weighing(5)];
    expect(heavy?.minimumDetectableEffect).toBeLessThan(light?.minimumDetectableEffect ?? 0);
    expect(heavy?.pAdjusted).toBeLessThan(light?.pAdjusted ?? 0);
    expect(heavy?.p).toBe(light?.p);
    expect(heavy?.moreMinutes ?? 0).toBeLessThanOrEqual(light?.moreMinutes ?? 0);
  });
});

describe("effects", () => {
  const noise = { blocksArePairs: false, betweenRunSd: 0 };
  const equal = Array.from({ length: 10 }, () => ({ numerator: 600, denominator: 10 }));

  test("work is the ratio of sums, whatever the size of the blocks", () => {
    const candidate = [
      { numerator: 61, denominator: 1 },
      { numerator: 61 * 19, denominator: 19 },
    ];
    const estimate = ratioEffect({ baseline: equal.slice(0, 2), candidate }, { wholeThings: true });
    expect(Math.exp(estimate?.effect ?? 0)).toBeCloseTo(61 / 60, 12);
  });

  test("equal counters claim no more than one count in all", () => {
    const estimate = ratioEffect({ baseline: equal, candidate: equal }, { wholeThings: true });
    if (estimate === null) throw new Error("no estimate");
    const effect = blockEffect(estimate, noise);
    expect(effect.limit(0.05, "upper")).toBeCloseTo(2 / 6000, 12);
    expect(effect.pBeyond(0, "above")).toBe(1);
  });

  test("work that one arm does not do at all is compared as a difference", () => {
    const none = equal.map(({ denominator }) => ({ numerator: 0, denominator }));
    const estimate = ratioEffect({ baseline: none, candidate: equal }, { wholeThings: true });
    expect(estimate).toMatchObject({ scale: "difference", effect: 60 });
  });

  test("a quantile is taken of all values, and shared slow blocks cancel", () => {
    const block = (factor: number) => ({ values: [100, 110, 120, 130, 140].map((value) => value * factor) });
    const stretches = [1, 1, 3, 3, 1, 1, 2, 1];
    const estimate = quantileEffect({ baseline: stretches.map(block), candidate: stretches.map((s) => block(s * 1.1)) }, 0.5);
    if (estimate === null) throw new Error("no estimate");
    expect(Math.exp(estimate.effect)).toBeCloseTo(1.1, 9);
    const spread = Math.hypot(...estimate.contributions);
    const alone = Math.hypot(
      ...(quantileEffect({ baseline: stretches.map(block), candidate: stretches.map(() => block(1)) }, 0.5)?.contributions ?? []),
    );
    expect(spread).toBeLessThan(alone / 5);
  });

  test("a known spread between runs widens the interval, and no load takes it away", () => {
    const estimate = ratioEffect({ baseline: equal, candidate: equal }, { wholeThings: false });
    if (estimate === null) throw new Error("no estimate");
    const effect = blockEffect(estimate, { blocksArePairs: false, betweenRunSd: 0.05 });
    expect(effect.limit(0.05, "upper")).toBeCloseTo(1.6448536 * Math.SQRT2 * 0.05, 6);
    expect(effect.limit(0.05, "upper", 100)).toBeCloseTo(effect.limit(0.05, "upper"), 9);
  });

  test("a burst of failures counts as fewer events than failures one by one", () => {
    const clean = Array.from({ length: 10 }, () => ({ events: 0, exposure: 20 }));
    const spreadOut = clean.map(({ exposure }) => ({ events: 2, exposure }));
    const burst = clean.map(({ exposure }, index) => ({ events: index === 3 ? 20 : 0, exposure }));
    const p = (candidate: typeof clean) => countEffect({ baseline: clean, candidate })?.pBeyond(0.02, "above") ?? 1;
    expect(p(spreadOut)).toBeLessThan(0.001);
    expect(p(burst)).toBeGreaterThan(0.1);
  });
});

describe("one pair of runs, one after the other", () => {
  const sequential = (seed: number) => ({
    ...syntheticEvidence({ seed, perBlock: 20, ownSd: 0.005, spread: 0.1, candidate: { latencyFactor: 1.25 } }),
    schedule: { kind: "sequential", arm: "baseline" } as const,
    runIds: ["a", "b"],
  });

  test("cannot tell 25 % of latency from the luck of the run", () => {
    const change = evaluate(sequential(4), defaultPolicy).changes.find(({ indicator }) => indicator.endsWith("latency-p50"));
    expect(change?.change).toBe("inconclusive");
    expect(change?.method).toContain("run-to-run sd 0.05");
  });

  test("uses what A/A runs have taught instead of the assumption", () => {
    const taught = { ...sequential(4), betweenRunSd: { "order-import.latency-p50": { scale: "log", sd: 0.002 } } } as const;
    const change = evaluate(taught, {
      ...defaultPolicy,
      indicators: { "order-import.latency-p50": { margin: { absolute: 1, relative: 0.1 } } },
    }).changes.find(({ indicator }) => indicator.endsWith("latency-p50"));
    expect(change?.change).toBe("regressed");
  });
});

describe("policy", () => {
  const evidence = syntheticEvidence({ seed: 1 });
  const withRule = (name: string, rule: object) => () => evaluate(evidence, { ...defaultPolicy, indicators: { [name]: rule } });

  test.each([
    { name: "order-import.latency-p5", rule: { gate: false }, says: "no such indicator" },
    { name: "nothing*", rule: { gate: false }, says: "no such indicator" },
    { name: "order-import.latency-p50", rule: { margin: { relative: 0, absolute: 0 } }, says: "margin of zero" },
    { name: "order-import.latency-p50", rule: { margin: { relative: -0.1 } }, says: "no margin" },
  ])("$name with $rule is refused: $says", ({ name, rule, says }) => {
    expect(withRule(name, rule)).toThrow(HarnessError);
    expect(withRule(name, rule)).toThrow(says);
  });

  test("may name indicators of scenarios that this workload does not run", () => {
    expect(withRule("checkout.latency-p95", { gate: false })).not.toThrow();
  });

  test("the exact name beats a prefix, whatever their order", () => {
    const rules = { "order-import.latency-p50": { gate: true }, "order-import*": { gate: false } };
    const { changes } = evaluate(evidence, { ...defaultPolicy, indicators: rules });
    expect(changes.filter(({ gate, service }) => gate && service === "order-import").map(({ indicator }) => indicator)).toEqual([
      "order-import.latency-p50",
    ]);
  });
});

describe("an open question says what would settle it", () => {
  test("more minutes, and following the advice does settle most of them", () => {
    const options = { seed: 5, perBlock: 4 };
    const first = evaluate(syntheticEvidence(options), defaultPolicy);
    const open = first.changes.find(({ indicator }) => indicator.endsWith("failed-transactions"));
    expect(open?.change).toBe("inconclusive");
    const minutes = open?.moreMinutes ?? 0;
    expect(minutes).toBeGreaterThan(1);
    const longer = evaluate(syntheticEvidence({ ...options, blocks: 15 + minutes * 6 }), defaultPolicy);
    expect(longer.changes.find(({ indicator }) => indicator === open?.indicator)?.change).toBe("equivalent");
  });

  test("detectable change shrinks with the load", () => {
    const mde = (blocks: number) =>
      evaluate(syntheticEvidence({ seed: 9, blocks }), defaultPolicy).changes.find(({ indicator }) => indicator.endsWith("p50"))
        ?.minimumDetectableEffect ?? 0;
    expect(mde(60)).toBeLessThan(mde(10));
    expect(mde(60)).toBeGreaterThan(0.15);
  });
});
