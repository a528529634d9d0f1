import { describe, expect, test } from "vitest";

import type { Evidence } from "../../src/domain/judgement/evidence.ts";
import { defaultPolicy } from "../../src/evaluator/catalogue/policy.ts";
import { betweenRun, blocksArePairs } from "../../src/evaluator/effects/block-effect.ts";
import { evaluate } from "../../src/evaluator/evaluate.ts";
import { syntheticEvidence } from "./synthetic-evidence.ts";

const id = "order-import.latency-typical";
const duet = syntheticEvidence({ seed: 3, perBlock: 20, ownSd: 0.005, spread: 0.1 });
const indicator = duet.series.find((series) => series.indicator.id === id)?.indicator;
if (indicator === undefined) throw new Error(`no indicator ${id}`);

function sequential(runs: number, blocks = duet.blocks.length): Evidence {
  const runIds = Array.from({ length: runs }, (_, index) => `r${index}`);
  return { ...duet, runIds, schedule: { kind: "sequential", arm: "baseline" }, blocks: duet.blocks.slice(0, blocks) };
}

const taught = (evidence: Evidence, sd: number, scale: "log" | "difference" = "log"): Evidence => ({
  ...evidence,
  betweenRunSd: { [id]: { scale, sd } },
});

describe("blocks", () => {
  test.each([
    { name: "one pair of runs", runs: 2, blocks: 12, want: false },
    { name: "two pairs, which are cut into time blocks", runs: 4, blocks: 12, want: false },
    { name: "three pairs", runs: 6, blocks: 3, want: true },
    { name: "three pairs and a run without a partner", runs: 7, blocks: 3, want: true },
    { name: "four runs against two, which make two pairs", runs: 6, blocks: 12, want: false },
  ])("$name: pairs of runs are blocks: $want", ({ runs, blocks, want }) => {
    expect(blocksArePairs(sequential(runs, blocks))).toBe(want);
  });

  test("two arms in one run are never pairs of runs", () => {
    expect(blocksArePairs({ ...duet, runIds: ["a", "b", "c", "d", "e", "f"], blocks: duet.blocks.slice(0, 3) })).toBe(false);
  });
});

describe("noise that blocks cannot show", () => {
  test.each([
    { name: "learned", evidence: taught(sequential(2), 0.02), sd: 0.02, words: "learned" },
    { name: "learned, two pairs", evidence: taught(sequential(4), 0.02), sd: 0.02 / Math.SQRT2, words: "learned" },
    { name: "learned on another scale", evidence: taught(sequential(2), 7, "difference"), sd: 0.05, words: "not calibrated" },
    { name: "assumed", evidence: sequential(2), sd: 0.05, words: "not calibrated" },
    { name: "shown by three pairs", evidence: taught(sequential(6, 3), 0.02), sd: 0, words: "pairs themselves" },
    { name: "of two arms in one run, learned", evidence: taught(duet, 0.02), sd: 0.02, words: "learned" },
    { name: "of two arms in one run, not learned", evidence: duet, sd: 0, words: "not calibrated" },
  ])("$name", ({ evidence, sd, words }) => {
    const found = betweenRun(indicator, evidence, "log");
    expect(found.sd).toBeCloseTo(sd, 12);
    expect(found.words).toContain(words);
  });

  test("widens the interval of a duet, and the verdict says where it comes from", () => {
    const judged = (evidence: Evidence) => {
      const change = evaluate(evidence, defaultPolicy).changes.find((each) => each.indicator === id);
      return { width: Math.log((change?.upper ?? 0) / (change?.lower ?? 1)), method: change?.method };
    };
    const [without, with_] = [judged(duet), judged(taught(duet, 0.05))];
    expect(with_.width).toBeGreaterThan(2 * 1.6 * Math.SQRT2 * 0.05);
    expect(without.width).toBeLessThan(with_.width / 2);
    expect(without.method).toContain("not calibrated");
    expect(with_.method).toContain("learned from A/A runs");
  });
});
