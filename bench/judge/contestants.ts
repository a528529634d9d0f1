import type { Evaluation } from "../../src/domain/judgement/evaluation.ts";
import { defaultPolicy } from "../../src/evaluator/catalogue/policy.ts";
import { evaluate } from "../../src/evaluator/evaluate.ts";
import { quantile } from "../../src/statistics/quantile.ts";
import type { Campaign } from "./campaign.ts";
import { kayentaSaysHigh, kayentaStatistic } from "./kayenta.ts";
import { withQuietGates } from "./quiet-gates.ts";

/** Contestant is one rule: its own yes or no to "worse", and the score by which it decides, for calibration. */
export interface Contestant {
  readonly name: string;
  /** Name of the score where it is moved to the same false-alarm rate; null where another contestant has the same score. */
  readonly calibratedName: string | null;
  readonly fails: (campaign: Campaign) => boolean;
  readonly score: (campaign: Campaign) => number;
}

export const policy = { ...defaultPolicy, resamples: 1 };

/** A margin of zero is refused; with a hundredth of a per cent nothing but the test stands between noise and FAIL. */
const none = { margin: { relative: 0.0001 } };

/** noMargin holds the latency gates of the catalogue to next to no margin: typical, and from 100 planned transactions on p95. */
export const noMargin = { ...policy, indicators: { "order-import.latency*": none } };

/** typicalAlone has no tail among its gates, as in shorter campaigns. */
export const typicalAlone = {
  ...policy,
  indicators: {
    "order-import.latency*": { ...none, gate: false },
    "order-import.latency-typical": { ...none, gate: true },
  },
};

/** typicalOf finds the judgement on typical latency. */
export function typicalOf({ changes }: Evaluation) {
  return changes.find(({ indicator }) => indicator.endsWith("latency-typical"));
}

/** Score of the judge: the p-value of "typical latency is worse at all", turned round. */
function judgeScore(campaign: Campaign): number {
  return -(typicalOf(evaluate(campaign.evidence, typicalAlone))?.p ?? 1);
}

function tailRatio({ baseline, candidate }: Campaign): number {
  return quantile(candidate, 0.95) / quantile(baseline, 0.95);
}

export const contestants: readonly Contestant[] = [
  {
    name: "peakproof, default policy",
    calibratedName: null,
    fails: ({ evidence }) => evaluate(evidence, policy).verdict === "fail",
    score: judgeScore,
  },
  {
    name: "peakproof, no margin",
    calibratedName: "peakproof, p of typical latency",
    fails: ({ evidence }) => evaluate(evidence, noMargin).verdict === "fail",
    score: judgeScore,
  },
  {
    name: "peakproof, no margin, typical latency alone",
    calibratedName: null,
    fails: ({ evidence }) => evaluate(evidence, typicalAlone).verdict === "fail",
    score: judgeScore,
  },
  {
    name: "peakproof, no margin, among all gates",
    calibratedName: null,
    fails: ({ evidence }) => evaluate(withQuietGates(evidence), noMargin).verdict === "fail",
    score: judgeScore,
  },
  {
    name: "Kayenta (NetflixACAJudge)",
    calibratedName: "Kayenta's rank statistic",
    fails: ({ baseline, candidate }) => kayentaSaysHigh(baseline, candidate),
    score: ({ baseline, candidate }) => kayentaStatistic(baseline, candidate),
  },
  {
    name: "k6-style: p95 < max(1.3 x, +50 ms)",
    calibratedName: null,
    fails: ({ baseline, candidate }) =>
      quantile(candidate, 0.95) >= Math.max(1.3 * quantile(baseline, 0.95), quantile(baseline, 0.95) + 50),
    score: tailRatio,
  },
  {
    name: "p95 may grow by 10 %",
    calibratedName: "ratio of p95",
    fails: (campaign) => tailRatio(campaign) > 1.1,
    score: tailRatio,
  },
];

/** The contestants that the tables of targets speak of. */
export const place = { default: 0, noMargin: 1, typicalAlone: 2, allGates: 3, kayenta: 4 } as const;
