import { defaultPolicy } from "../../src/evaluator/default-policy.ts";
import { evaluate } from "../../src/evaluator/evaluate.ts";
import { quantile } from "../../src/statistics/quantile.ts";
import type { Campaign } from "./campaign.ts";
import { kayentaSaysHigh, kayentaStatistic } from "./kayenta.ts";

/** Contestant is one rule: its own yes or no to "worse", and the score by which it decides, for calibration. */
export interface Contestant {
  readonly name: string;
  fails(campaign: Campaign): boolean;
  score(campaign: Campaign): number;
}

const policy = { ...defaultPolicy, resamples: 1 };

/** tightPolicy holds the judge to a margin of 1 %, so that almost nothing but its test stands between noise and FAIL. */
const tightPolicy = { ...policy, indicators: { "order-import.latency*": { margin: { relative: 0.01 } } } };

/** Score of the judge: how many standard errors, on the scale of p, the median is worse. */
function judgeScore(campaign: Campaign): number {
  const change = evaluate(campaign.evidence, tightPolicy).changes.find(({ indicator }) => indicator.endsWith("p50"));
  return -(change?.p ?? 1);
}

function tailRatio({ baseline, candidate }: Campaign): number {
  return quantile(candidate, 0.95) / quantile(baseline, 0.95);
}

export const contestants: readonly Contestant[] = [
  {
    name: "peakproof, default margins",
    fails: ({ evidence }) => evaluate(evidence, policy).verdict === "fail",
    score: judgeScore,
  },
  {
    name: "peakproof, margin 1 %",
    fails: ({ evidence }) => evaluate(evidence, tightPolicy).verdict === "fail",
    score: judgeScore,
  },
  {
    name: "Kayenta (NetflixACAJudge)",
    fails: ({ baseline, candidate }) => kayentaSaysHigh(baseline, candidate),
    score: ({ baseline, candidate }) => kayentaStatistic(baseline, candidate),
  },
  {
    name: "k6-style: p95 < max(1.3 x, +50 ms)",
    fails: ({ baseline, candidate }) =>
      quantile(candidate, 0.95) >= Math.max(1.3 * quantile(baseline, 0.95), quantile(baseline, 0.95) + 50),
    score: tailRatio,
  },
  { name: "p95 may grow by 10 %", fails: (campaign) => tailRatio(campaign) > 1.1, score: tailRatio },
];
