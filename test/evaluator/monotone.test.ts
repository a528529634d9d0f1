import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { Verdict } from "../../src/domain/judgement/evaluation.ts";
import type { BlockValues, Evidence } from "../../src/domain/judgement/evidence.ts";
import { defaultPolicy } from "../../src/evaluator/catalogue/policy.ts";
import { evaluate } from "../../src/evaluator/evaluate.ts";
import { anyCampaign, campaignEvidence, mapSeries, scaled } from "./any-campaign.ts";

const policy = { ...defaultPolicy, resamples: 1 };
const rank: Readonly<Record<Verdict, number>> = { pass: 0, inconclusive: 1, fail: 2 };
const candidateOnly = { baseline: false, candidate: true };

const verdictOf = (evidence: Evidence): Verdict => evaluate(evidence, policy).verdict;

const rankOf = (evidence: Evidence): number => rank[verdictOf(evidence)];

describe("a worse candidate never gets a better verdict", () => {
  test("slower by a common factor, in one unit of time or in all", () => {
    const slower = fc.double({ min: 1, max: 3, noNaN: true });
    fc.assert(
      fc.property(anyCampaign, slower, fc.constantFrom("latency", "work", "all"), (options, factor, kind) => {
        const evidence = campaignEvidence(options);
        const worse = mapSeries(
          evidence,
          (entry, _, { indicator }) =>
            indicator.unit === "ms" && (kind === "all" || indicator.kind === kind) ? scaled(entry, factor) : entry,
          candidateOnly,
        );
        expect(rankOf(worse)).toBeGreaterThanOrEqual(rankOf(evidence));
      }),
      { numRuns: 60 },
    );
  });

  test("more statements in every transaction", () => {
    fc.assert(
      fc.property(anyCampaign, fc.integer({ min: 0, max: 20 }), (options, added) => {
        const evidence = campaignEvidence(options);
        const worse = mapSeries(
          evidence,
          (entry, _, { indicator }) =>
            indicator.unit === "statements" && entry.kind === "ratio"
              ? { ...entry, numerator: entry.numerator + added * entry.denominator }
              : entry,
          candidateOnly,
        );
        expect(rankOf(worse)).toBeGreaterThanOrEqual(rankOf(evidence));
      }),
      { numRuns: 60 },
    );
  });

  test("more failures, spread evenly over the load", () => {
    fc.assert(
      fc.property(anyCampaign, fc.integer({ min: 1, max: 10 }), (options, perBlock) => {
        const evidence = campaignEvidence(options);
        const worse = mapSeries(evidence, (entry) => failing(entry, perBlock), candidateOnly);
        expect(rankOf(worse)).toBeGreaterThanOrEqual(rankOf(evidence));
      }),
      { numRuns: 80 },
    );
  });

  test("more failures in one burst, which count as fewer events than failures one by one", () => {
    const burst = fc.record({
      failures: fc.integer({ min: 1, max: 40 }),
      from: fc.nat({ max: 15 }),
      length: fc.constantFrom(1, 1, 3),
    });
    fc.assert(
      fc.property(anyCampaign, burst, (options, { failures, from, length }) => {
        const evidence = campaignEvidence(options);
        const worse = mapSeries(
          evidence,
          (entry, index) => (index >= from && index < from + length ? failing(entry, failures) : entry),
          candidateOnly,
        );
        expect(rankOf(worse)).toBeGreaterThanOrEqual(rankOf(evidence));
      }),
      { numRuns: 80 },
    );
  });

  test("more failures anywhere, which may also even out a burst that was there", () => {
    const anywhere = fc.array(fc.nat({ max: 8 }), { minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(anyCampaign, anywhere, anywhere, (options, there, more) => {
        const evidence = campaignEvidence(options);
        const failed = mapSeries(evidence, (entry, index) => failing(entry, there[index] ?? 0), candidateOnly);
        const worse = mapSeries(failed, (entry, index) => failing(entry, more[index] ?? 0), candidateOnly);
        expect(rankOf(worse)).toBeGreaterThanOrEqual(rankOf(failed));
      }),
      { numRuns: 80 },
    );
  });

  test("a broken business rule always fails", () => {
    fc.assert(
      fc.property(anyCampaign, fc.integer({ min: 1, max: 50 }), (options, violations) => {
        const rule = {
          id: "stock",
          label: "no negative stock",
          arm: "candidate",
          status: "broken",
          checked: 50,
          examples: [],
        } as const;
        expect(verdictOf({ ...campaignEvidence(options), invariants: [{ ...rule, violations }] })).toBe("fail");
      }),
      { numRuns: 25 },
    );
  });
});

describe("worse evidence never turns into a pass", () => {
  test("transactions that fail leave no latency behind, and still no pass", () => {
    fc.assert(
      fc.property(anyCampaign, fc.double({ min: 0.1, max: 1, noNaN: true }), (options, share) => {
        const evidence = campaignEvidence(options);
        fc.pre(verdictOf(evidence) !== "pass");
        // The slowest of each block fail: what is left looks faster.
        const worse = mapSeries(
          evidence,
          (entry): BlockValues => {
            if (entry.kind === "values") return { kind: "values", values: fastest(entry.values, 1 - share) };
            if (entry.kind !== "count") return entry;
            const good = entry.exposure - entry.events;
            return { ...entry, events: entry.exposure - Math.floor(good * (1 - share)) };
          },
          candidateOnly,
        );
        expect(verdictOf(worse)).not.toBe("pass");
      }),
      { numRuns: 60 },
    );
  });

  test("a gate without data in either arm", () => {
    fc.assert(
      fc.property(anyCampaign, fc.nat({ max: 20 }), fc.constantFrom("baseline", "candidate"), (options, which, arm) => {
        const evidence = campaignEvidence({ ...options, candidate: { ...options.candidate, failedShare: 0 } });
        const gates = evidence.series.filter(({ indicator }) => indicator.gate);
        const gate = gates[which % gates.length]?.indicator.id;
        const silent = mapSeries(evidence, (entry, _, { indicator }) => (indicator.id === gate ? emptied(entry) : entry), {
          baseline: arm === "baseline",
          candidate: arm === "candidate",
        });
        expect(verdictOf(silent)).not.toBe("pass");
      }),
      { numRuns: 40 },
    );
  });

  test.each(["invalid", "unsteady"] as const)("a fact that makes it %s", (severity) => {
    fc.assert(
      fc.property(anyCampaign, (options) => {
        const fact = { code: "run-aborted", severity, text: "the run was cut short", remedy: "Run it again." } as const;
        expect(verdictOf({ ...campaignEvidence(options), validity: [fact] })).not.toBe("pass");
      }),
      { numRuns: 20 },
    );
  });

  test("later looks, which may spend less alpha", () => {
    fc.assert(
      fc.property(anyCampaign, fc.integer({ min: 1, max: 20 }), (options, looks) => {
        const [now, later] = [
          { ...options, looks },
          { ...options, looks: looks + 1 },
        ].map((each) => verdictOf(campaignEvidence(each)));
        expect([now, "inconclusive"]).toContain(later);
      }),
      { numRuns: 40 },
    );
  });
});

test("the campaigns of these tests get all three verdicts", () => {
  const counts = { pass: 0, inconclusive: 0, fail: 0 };
  for (const options of fc.sample(anyCampaign, { numRuns: 200, seed: 1 })) counts[verdictOf(campaignEvidence(options))] += 1;
  expect(Math.min(...Object.values(counts))).toBeGreaterThan(10);
});

function fastest(values: readonly number[], share: number): readonly number[] {
  return [...values].sort((a, b) => a - b).slice(0, Math.floor(values.length * share));
}

function failing(entry: BlockValues, more: number): BlockValues {
  return entry.kind === "count" ? { ...entry, events: Math.min(entry.exposure, entry.events + more) } : entry;
}

function emptied(entry: BlockValues): BlockValues {
  if (entry.kind === "values") return { kind: "values", values: [] };
  return entry.kind === "ratio" ? { ...entry, numerator: 0, denominator: 0 } : { ...entry, events: 0, exposure: 0 };
}
