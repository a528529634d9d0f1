import type { BlockValues, Evidence } from "../../src/domain/judgement/evidence.ts";
import { defaultPolicy } from "../../src/evaluator/catalogue/policy.ts";
import { evaluate } from "../../src/evaluator/evaluate.ts";
import { seededRandom } from "../../src/statistics/random.ts";
import { syntheticEvidence } from "../../test/evaluator/synthetic-evidence.ts";
import { drawCampaign } from "./campaign.ts";
import { quietCell } from "./cell.ts";
import { noMargin, policy } from "./contestants.ts";
import { kayentaSaysHigh } from "./kayenta.ts";

/** Tally is how often something held, out of how many tries. */
export interface Tally {
  readonly held: number;
  readonly of: number;
}

export interface SafetyResult {
  /** One statement more per order, found in one short campaign. */
  readonly work: Tally;
  /** Campaigns with one arm silent that were not passed. */
  readonly noData: Tally;
  readonly invariance: readonly { readonly name: string; readonly peakproof: Tally; readonly kayenta: Tally | null }[];
}

const seeds = Array.from({ length: 50 }, (_, index) => index + 1);
const once = { ...defaultPolicy, resamples: 1 };

export function judgeSafety(): SafetyResult {
  const found = seeds.filter((seed) =>
    evaluate(syntheticEvidence({ seed, candidate: { addedStatements: 1 } }), once).changes.some(
      ({ indicator, change }) => indicator.endsWith("statements-per-transaction") && change === "regressed",
    ),
  );
  const silent = seeds.flatMap((seed) => silenced(syntheticEvidence({ seed })));
  return {
    work: { held: found.length, of: seeds.length },
    noData: { held: silent.filter((evidence) => evaluate(evidence, once).verdict !== "pass").length, of: silent.length },
    invariance: [...unitInvariance(), orderInvariance(), swapInvariance(), replayInvariance()],
  };
}

const gone: readonly BlockValues[] = [
  { kind: "values", values: [] },
  { kind: "values", values: [Number.NaN] },
  { kind: "ratio", numerator: Number.NaN, denominator: 0 },
  { kind: "count", events: 0, exposure: 0 },
];

/** All series of an arm silent, or one series at a time. */
function silenced(evidence: Evidence): Evidence[] {
  const without = (silent: (id: string) => boolean, arm: "baseline" | "candidate", entry: BlockValues): Evidence => ({
    ...evidence,
    series: evidence.series.map((series) =>
      silent(series.indicator.id)
        ? { ...series, blocks: { ...series.blocks, [arm]: series.blocks[arm].map(() => entry) } }
        : series,
    ),
  });
  const gates = evidence.series.filter(({ indicator }) => indicator.gate).map(({ indicator }) => indicator.id);
  return (["baseline", "candidate"] as const).flatMap((arm) =>
    gone.flatMap((entry) => [without(() => true, arm, entry), ...gates.map((gate) => without((id) => id === gate, arm, entry))]),
  );
}

/** Campaigns whose verdict hangs in the balance: around the size of change that is found half of the time. */
function balanced() {
  const random = seededRandom(77);
  const cell = quietCell({ schedule: "duet", pairs: 1, points: 120, rho: 0.3 });
  return seeds.map((seed) => drawCampaign(cell, { effect: { kind: "shift", factor: 1.06 }, random, seed }));
}

function unitInvariance() {
  const campaigns = balanced();
  return (
    [
      ["s instead of ms", 1e-3],
      ["us instead of ms", 1e3],
      ["share of an hour instead of ms", 1 / 3.6e6],
    ] as const
  ).map(([name, factor]) => {
    const scale = (values: readonly number[]) => values.map((value) => value * factor);
    const same = campaigns.filter(
      ({ evidence }) => evaluate(scaled(evidence, factor), noMargin).verdict === evaluate(evidence, noMargin).verdict,
    );
    const sameByRanks = campaigns.filter(
      ({ baseline, candidate }) => kayentaSaysHigh(scale(baseline), scale(candidate)) === kayentaSaysHigh(baseline, candidate),
    );
    return {
      name,
      peakproof: { held: same.length, of: campaigns.length },
      kayenta: { held: sameByRanks.length, of: campaigns.length },
    };
  });
}

function scaled(evidence: Evidence, factor: number): Evidence {
  const scale = (entry: BlockValues): BlockValues =>
    entry.kind === "values" ? { kind: "values", values: entry.values.map((value) => value * factor) } : entry;
  return {
    ...evidence,
    series: evidence.series.map((series) => ({
      ...series,
      blocks: { baseline: series.blocks.baseline.map(scale), candidate: series.blocks.candidate.map(scale) },
    })),
  };
}

function orderInvariance() {
  const campaigns = balanced();
  const held = campaigns.filter(({ evidence }) => {
    const turned = { ...evidence, series: evidence.series.toReversed() };
    return evaluate(turned, policy).verdict === evaluate(evidence, policy).verdict;
  });
  return { name: "indicators in another order", peakproof: { held: held.length, of: campaigns.length }, kayenta: null };
}

const mirror = { regressed: "improved", improved: "regressed", equivalent: "equivalent", inconclusive: "inconclusive" } as const;

function swapInvariance() {
  const campaigns = balanced();
  const held = campaigns.filter(({ evidence }) => {
    const swapped = {
      ...evidence,
      series: evidence.series.map(({ indicator, blocks }) => ({
        indicator,
        blocks: { baseline: blocks.candidate, candidate: blocks.baseline },
      })),
    };
    const there = evaluate(evidence, noMargin).changes.map(({ change }) => mirror[change]);
    return evaluate(swapped, noMargin).changes.every(({ change }, index) => change === there[index]);
  });
  return { name: "arms swapped: worse becomes better", peakproof: { held: held.length, of: campaigns.length }, kayenta: null };
}

function replayInvariance() {
  const campaigns = balanced();
  const held = campaigns.filter(
    ({ evidence }) => JSON.stringify(evaluate(evidence, policy)) === JSON.stringify(evaluate(structuredClone(evidence), policy)),
  );
  return { name: "judged again: the same bytes", peakproof: { held: held.length, of: campaigns.length }, kayenta: null };
}
