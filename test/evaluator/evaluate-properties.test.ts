import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { Change, Evaluation, IndicatorChange } from "../../src/domain/judgement/evaluation.ts";
import type { Evidence } from "../../src/domain/judgement/evidence.ts";
import { defaultPolicy } from "../../src/evaluator/catalogue/policy.ts";
import { isOwnWork } from "../../src/evaluator/effects/usable-series.ts";
import { evaluate } from "../../src/evaluator/evaluate.ts";
import { anyCampaign, campaignEvidence, mapSeries, scaled } from "./any-campaign.ts";

const policy = { ...defaultPolicy, resamples: 50 };

/** An order of `length` things, drawn as numbers to sort by. */
const shuffled = <Item>(items: readonly Item[], keys: readonly number[]): Item[] =>
  items
    .map((item, index) => ({ item, key: keys[index % keys.length] ?? 0 }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);

const anyKeys = fc.array(fc.double({ noNaN: true }), { minLength: 7, maxLength: 23 });

describe("units", () => {
  test.each([
    { name: "seconds", factor: 1e-3 },
    { name: "microseconds", factor: 1e3 },
    { name: "years", factor: 1 / 31_557_600_000 },
  ])("times in $name give the same verdict, the same ratios and the same p-values as milliseconds", ({ factor }) => {
    fc.assert(
      fc.property(anyCampaign, (options) => {
        const evidence = campaignEvidence(options);
        const [plain, other] = [evaluate(evidence, policy), evaluate(inOtherUnit(evidence, factor, "ms"), policy)];
        expect(other.verdict).toBe(plain.verdict);
        expect(other.confidence).toBe(plain.confidence);
        expectSameChanges(other.changes, plain.changes);
      }),
      { numRuns: 15 },
    );
  });

  test("a rate per hour gives the same change as one per minute", () => {
    fc.assert(
      fc.property(anyCampaign, (options) => {
        const perMinute = campaignEvidence(options);
        const perHour = mapSeries(perMinute, (entry, _, { indicator }) =>
          indicator.kind === "throughput" && entry.kind === "ratio" ? { ...entry, denominator: entry.denominator / 60 } : entry,
        );
        const [plain, other] = [evaluate(perMinute, policy).changes, evaluate(perHour, policy).changes];
        expectSameChanges(other, plain);
        // The things done are the observations, in whatever unit the time is.
        expect(other.map(({ n }) => n)).toEqual(plain.map(({ n }) => n));
        const rate = ({ kind }: IndicatorChange) => kind === "throughput";
        expect(other.find(rate)?.baseline ?? 0).toBeCloseTo(60 * (plain.find(rate)?.baseline ?? 0), 6);
      }),
      { numRuns: 15 },
    );
  });
});

describe("swapping the arms", () => {
  const mirror: Readonly<Record<Change, Change>> = {
    regressed: "improved",
    improved: "regressed",
    equivalent: "equivalent",
    inconclusive: "inconclusive",
  };

  test("mirrors every change: its word, its effect and its interval", () => {
    fc.assert(
      fc.property(anyCampaign, (options) => {
        const evidence = campaignEvidence(options);
        const swapped: Evidence = {
          ...evidence,
          series: evidence.series.map(({ indicator, blocks }) => ({
            indicator,
            blocks: { baseline: blocks.candidate, candidate: blocks.baseline },
          })),
        };
        const [there, back] = [evaluate(evidence, policy), evaluate(swapped, policy)];
        expect(back.changes.map(({ change }) => change)).toEqual(there.changes.map(({ change }) => mirror[change]));
        expect(back.changes.map(spanOf)).toEqual(there.changes.map(mirroredSpan));
      }),
      { numRuns: 40 },
    );
  });
});

describe("order", () => {
  test("of the indicators does not matter", () => {
    fc.assert(
      fc.property(anyCampaign, anyKeys, (options, keys) => {
        const evidence = campaignEvidence(options);
        const byName = ({ changes }: Evaluation) => [...changes].sort((a, b) => (a.indicator < b.indicator ? -1 : 1));
        const plain = evaluate(evidence, policy);
        const other = evaluate({ ...evidence, series: shuffled(evidence.series, keys) }, policy);
        expect(other).toMatchObject({ verdict: plain.verdict, confidence: plain.confidence });
        expect(byName(other)).toEqual(byName(plain));
      }),
      { numRuns: 25 },
    );
  });

  test("of values inside a block does not change a bit", () => {
    fc.assert(
      fc.property(anyCampaign, anyKeys, (options, keys) => {
        const evidence = campaignEvidence(options);
        const other = mapSeries(evidence, (entry) =>
          entry.kind === "values" ? { kind: "values", values: shuffled(entry.values, keys) } : entry,
        );
        expect(JSON.stringify(evaluate(other, policy))).toBe(JSON.stringify(evaluate(evidence, policy)));
      }),
      { numRuns: 25 },
    );
  });

  test("of pairs of runs does not matter: they are independent of each other", () => {
    fc.assert(
      fc.property(anyCampaign, anyKeys, (options, keys) => {
        const evidence = campaignEvidence({ ...options, shape: "pairs of runs" });
        const other: Evidence = {
          ...evidence,
          series: evidence.series.map(({ indicator, blocks }) => ({
            indicator,
            blocks: { baseline: shuffled(blocks.baseline, keys), candidate: shuffled(blocks.candidate, keys) },
          })),
        };
        const [plain, again] = [evaluate(evidence, policy), evaluate(other, policy)];
        expect(again.verdict).toBe(plain.verdict);
        expectSameChanges(again.changes, plain.changes);
      }),
      { numRuns: 25 },
    );
  });
});

describe("replay", () => {
  test("the same evidence gives the same bytes, also after it was stored as JSON and read again", () => {
    fc.assert(
      fc.property(anyCampaign, (options) => {
        const evidence = campaignEvidence(options);
        const bytes = JSON.stringify(evaluate(evidence, policy));
        const stored: Evidence = JSON.parse(JSON.stringify(evidence));
        expect(JSON.stringify(evaluate(stored, policy))).toBe(bytes);
        expect(JSON.stringify(evaluate(campaignEvidence(options), policy))).toBe(bytes);
      }),
      { numRuns: 20 },
    );
  });

  test("another seed draws other resamples and decides the same", () => {
    fc.assert(
      fc.property(anyCampaign, (options) => {
        const evidence = campaignEvidence(options);
        const [one, other] = [evaluate(evidence, policy), evaluate({ ...evidence, seed: evidence.seed + 1 }, policy)];
        expect({ verdict: other.verdict, changes: other.changes }).toEqual({ verdict: one.verdict, changes: one.changes });
      }),
      { numRuns: 15 },
    );
  });
});

describe("a block that was not like the others", () => {
  test("as a neighbour disturbed it: counts for time and errors as if it were not there; work hardly knows noise and uses it", () => {
    fc.assert(
      fc.property(anyCampaign, fc.nat({ max: 5 }), (options, gone) => {
        const evidence = campaignEvidence({ ...options, blocks: options.blocks + 1, shape: "duet" });
        const disturbed = mapSeries(
          {
            ...evidence,
            blocks: evidence.blocks.map((block) => (block.index === gone ? { ...block, disturbance: "steal 40 %" } : block)),
          },
          (entry, index, { indicator }) => (index === gone && !isOwnWork(indicator) ? scaled(entry, 50) : entry),
        );
        // The correction for several gates sees work too, which has one block more.
        const timed = (from: Evidence) =>
          evaluate(from, policy)
            .changes.filter((change) => !isOwnWork(change))
            .map((change) => ({ ...change, change: null, pAdjusted: null, moreMinutes: null }));
        expect(timed(disturbed)).toEqual(timed(withoutBlock(evidence, gone)));
        const work = evaluate(disturbed, policy).changes.filter((change) => isOwnWork(change));
        expect(work.length).toBeGreaterThan(1);
        expect(new Set(work.map(({ blocks }) => blocks))).toEqual(new Set([options.blocks + 1]));
      }),
      { numRuns: 15 },
    );
  });

  test("as the servers were still cold: counts for nothing, not even for work", () => {
    fc.assert(
      fc.property(anyCampaign, fc.nat({ max: 5 }), (options, gone) => {
        const evidence = campaignEvidence({ ...options, blocks: options.blocks + 1, shape: "duet" });
        const cold = mapSeries(
          {
            ...evidence,
            blocks: evidence.blocks.map((block) =>
              block.index === gone ? { ...block, disturbance: "still warming up", isCold: true } : block,
            ),
          },
          (entry, index) => (index === gone ? scaled(entry, 50) : entry),
          { baseline: false, candidate: true },
        );
        // How much more load it would take is told by the load that there was, cold or not.
        const judged = (from: Evidence) => evaluate(from, policy).changes.map((change) => ({ ...change, moreMinutes: null }));
        expect(judged(cold)).toEqual(judged(withoutBlock(evidence, gone)));
      }),
      { numRuns: 15 },
    );
  });
});

function withoutBlock(evidence: Evidence, gone: number): Evidence {
  const others = (_: unknown, index: number) => index !== gone;
  return {
    ...evidence,
    blocks: evidence.blocks.filter(others),
    series: evidence.series.map(({ indicator, blocks }) => ({
      indicator,
      blocks: { baseline: blocks.baseline.filter(others), candidate: blocks.candidate.filter(others) },
    })),
  };
}

type Span = readonly [effect: unknown, lower: unknown, upper: unknown];

const spanOf = ({ effect, lower, upper }: IndicatorChange): Span => [effect, lower, upper];

/** The effect and interval that the same data would have with the arms swapped. */
function mirroredSpan({ effectKind, effect, lower, upper }: IndicatorChange): Span {
  if (effect === null || lower === null || upper === null) return [null, null, null];
  const mirrored = (value: number) => about(effectKind === "ratio" ? 1 / value : -value);
  return [mirrored(effect), mirrored(upper), mirrored(lower)];
}

/** Nine decimals, or nine digits of what is larger than one: wide intervals reach into the billions. */
const about = (value: number): unknown => expect.closeTo(value, 9 - Math.ceil(Math.log10(Math.max(1, Math.abs(value)))));

/** The same evidence with everything of one unit, and its absolute margins, in another one. */
function inOtherUnit(evidence: Evidence, factor: number, unit: string): Evidence {
  const other = mapSeries(evidence, (entry, _, { indicator }) => (indicator.unit === unit ? scaled(entry, factor) : entry));
  return {
    ...other,
    series: other.series.map(({ indicator, blocks }) => {
      if (indicator.unit !== unit) return { indicator, blocks };
      const { relative, absolute } = indicator.margin;
      return { indicator: { ...indicator, margin: { relative, absolute: absolute * factor } }, blocks };
    }),
  };
}

/** What may not depend on unit or order; the last digits of sums may. */
function expectSameChanges(changes: readonly IndicatorChange[], as: readonly IndicatorChange[]): void {
  expect(changes.map(({ change, notWorse }) => ({ change, notWorse }))).toEqual(
    as.map(({ change, notWorse }) => ({ change, notWorse })),
  );
  for (const [index, { effectKind, effect, lower, upper, p, moreMinutes }] of as.entries()) {
    const other = changes[index];
    if (effect === null || effectKind !== "ratio") continue;
    expect([other?.effect, other?.lower, other?.upper, other?.p]).toEqual([
      about(effect),
      about(lower ?? 0),
      about(upper ?? 0),
      about(p ?? 0),
    ]);
    expect(other?.moreMinutes).toBe(moreMinutes);
  }
}
