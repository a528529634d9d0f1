import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BlockValues, Evidence, Series } from "../../src/domain/evidence.ts";
import type { Evaluation, Verdict } from "../../src/domain/evaluation.ts";
import { defaultPolicy } from "../../src/evaluator/default-policy.ts";
import { isCountedWork } from "../../src/evaluator/counted-work.ts";
import { evaluate } from "../../src/evaluator/evaluate.ts";
import { syntheticEvidence, type SyntheticOptions } from "./synthetic-evidence.ts";

const policy = { ...defaultPolicy, resamples: 50 };
const rank: Record<Verdict, number> = { pass: 0, inconclusive: 1, fail: 2 };

/** Campaigns of all kinds: unchanged, a little and much worse, quiet and noisy. */
const campaigns: fc.Arbitrary<SyntheticOptions> = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  blocks: fc.integer({ min: 6, max: 16 }),
  perBlock: fc.integer({ min: 1, max: 20 }),
  ownSd: fc.constantFrom(0.01, 0.05, 0.2),
  rho: fc.constantFrom(0, 0.5, 0.8),
  candidate: fc.record({
    latencyFactor: fc.constantFrom(0.7, 1, 1.1, 1.5),
    addedStatements: fc.constantFrom(-2, 0, 1, 30),
    failedShare: fc.constantFrom(0, 0.05, 0.3),
  }),
});

const scaleValues =
  (factor: number) =>
  (entry: BlockValues): BlockValues =>
    entry.kind === "values"
      ? { kind: "values", values: entry.values.map((value) => value * factor) }
      : entry.kind === "ratio"
        ? { ...entry, numerator: entry.numerator * factor }
        : entry;

const onlyMs = ({ indicator }: Series) => indicator.unit === "ms";

/** changesByName drops what depends on the order of the series. */
function changesByName(evaluation: Evaluation): unknown {
  return [...evaluation.changes].sort((a, b) => (a.indicator < b.indicator ? -1 : 1));
}

describe("whatever the data", () => {
  test("milliseconds, seconds and microseconds give the same verdict and the same ratios", () => {
    fc.assert(
      fc.property(campaigns, fc.constantFrom(1e-6, 1e-3, 1e3), (options, factor) => {
        const evidence = syntheticEvidence(options);
        const scaled: Evidence = {
          ...evidence,
          series: evidence.series.map((series) => (onlyMs(series) ? inOtherUnit(series, factor) : series)),
        };
        const [plain, other] = [evaluate(evidence, policy), evaluate(scaled, policy)];
        expect(other.verdict).toBe(plain.verdict);
        expect(other.confidence).toBe(plain.confidence);
        expect(other.changes.map(({ change }) => change)).toEqual(plain.changes.map(({ change }) => change));
        for (const [index, upper] of ratioLimits(plain).entries()) expect(ratioLimits(other)[index]).toBeCloseTo(upper, 9);
      }),
      { numRuns: 25 },
    );
  });

  test("swapping the arms turns regressed into improved and back, and leaves the rest", () => {
    const mirror = {
      regressed: "improved",
      improved: "regressed",
      equivalent: "equivalent",
      inconclusive: "inconclusive",
    } as const;
    fc.assert(
      fc.property(campaigns, (options) => {
        const evidence = syntheticEvidence(options);
        const swapped: Evidence = {
          ...evidence,
          series: evidence.series.map(({ indicator, blocks }) => ({
            indicator,
            blocks: { baseline: blocks.candidate, candidate: blocks.baseline },
          })),
        };
        const [there, back] = [evaluate(evidence, policy), evaluate(swapped, policy)];
        expect(back.changes.map(({ change }) => change)).toEqual(there.changes.map(({ change }) => mirror[change]));
      }),
      { numRuns: 40 },
    );
  });

  test("a candidate that is slower by a common factor never gets a better verdict", () => {
    fc.assert(
      fc.property(campaigns, fc.double({ min: 1, max: 3, noNaN: true }), (options, factor) => {
        const evidence = syntheticEvidence(options);
        const worse = {
          ...evidence,
          series: evidence.series.map((series) => (onlyMs(series) ? slowed(series, factor) : series)),
        };
        expect(rank[evaluate(worse, policy).verdict]).toBeGreaterThanOrEqual(rank[evaluate(evidence, policy).verdict]);
      }),
      { numRuns: 40 },
    );
  });

  test("a candidate that runs more statements in every transaction never gets a better verdict", () => {
    fc.assert(
      fc.property(campaigns, fc.integer({ min: 0, max: 20 }), (options, added) => {
        const more = (options.candidate?.addedStatements ?? 0) + added;
        const worse = syntheticEvidence({ ...options, candidate: { ...options.candidate, addedStatements: more } });
        expect(rank[evaluate(worse, policy).verdict]).toBeGreaterThanOrEqual(
          rank[evaluate(syntheticEvidence(options), policy).verdict],
        );
      }),
      { numRuns: 40 },
    );
  });

  test("the order of the indicators does not matter", () => {
    fc.assert(
      fc.property(campaigns, (options) => {
        const evidence = syntheticEvidence(options);
        const [there, back] = [
          evaluate(evidence, policy),
          evaluate({ ...evidence, series: [...evidence.series].reverse() }, policy),
        ];
        expect(back.verdict).toBe(there.verdict);
        expect(back.confidence).toBe(there.confidence);
        expect(changesByName(back)).toEqual(changesByName(there));
      }),
      { numRuns: 25 },
    );
  });

  test("the order of values inside a block does not matter", () => {
    fc.assert(
      fc.property(campaigns, (options) => {
        const evidence = syntheticEvidence(options);
        const reversed = mapEntries(evidence, (entry) =>
          entry.kind === "values" ? { kind: "values", values: [...entry.values].reverse() } : entry,
        );
        expect(evaluate(reversed, policy)).toEqual(evaluate(evidence, policy));
      }),
      { numRuns: 15 },
    );
  });

  test("judging twice gives the same bytes", () => {
    const evidence = syntheticEvidence({ seed: 5 });
    expect(JSON.stringify(evaluate(evidence, policy))).toBe(JSON.stringify(evaluate(structuredClone(evidence), policy)));
  });

  test("to time and errors a disturbed block counts as if it were not there; counted work knows no noise and uses it", () => {
    const evidence = syntheticEvidence({ seed: 8, blocks: 12 });
    const disturbed = mapEntries(
      {
        ...evidence,
        blocks: evidence.blocks.map((block) => (block.index === 4 ? { ...block, disturbance: "steal 40 %" } : block)),
      },
      (entry, index) => (index === 4 ? scaleValues(50)(entry) : entry),
    );
    const without: Evidence = {
      ...evidence,
      blocks: evidence.blocks.filter(({ index }) => index !== 4),
      series: evidence.series.map(({ indicator, blocks }) => ({
        indicator,
        blocks: { baseline: blocks.baseline.filter((_, i) => i !== 4), candidate: blocks.candidate.filter((_, i) => i !== 4) },
      })),
    };
    const timed = (from: Evidence) => evaluate(from, policy).changes.filter((change) => !isCountedWork(change));
    expect(timed(disturbed)).toEqual(timed(without));
    const counted = evaluate(disturbed, policy).changes.filter((change) => isCountedWork(change));
    expect(counted.map(({ blocks }) => blocks)).toEqual(counted.map(() => 12));
    expect(counted.length).toBeGreaterThan(0);
  });
});

function inOtherUnit(series: Series, factor: number): Series {
  const { indicator } = series;
  return {
    indicator: { ...indicator, margin: { ...indicator.margin, absolute: indicator.margin.absolute * factor } },
    blocks: {
      baseline: series.blocks.baseline.map(scaleValues(factor)),
      candidate: series.blocks.candidate.map(scaleValues(factor)),
    },
  };
}

function ratioLimits({ changes }: Evaluation): number[] {
  return changes.filter(({ effectKind }) => effectKind === "ratio").flatMap(({ upper }) => (upper === null ? [] : [upper]));
}

function slowed({ indicator, blocks }: Series, factor: number): Series {
  return { indicator, blocks: { ...blocks, candidate: blocks.candidate.map(scaleValues(factor)) } };
}

function mapEntries(evidence: Evidence, change: (entry: BlockValues, index: number) => BlockValues): Evidence {
  return {
    ...evidence,
    series: evidence.series.map(({ indicator, blocks }) => ({
      indicator,
      blocks: { baseline: blocks.baseline.map(change), candidate: blocks.candidate.map(change) },
    })),
  };
}
