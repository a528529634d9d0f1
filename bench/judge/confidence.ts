import { evaluate } from "../../src/evaluator/evaluate.ts";
import { seededRandom, standardNormal } from "../../src/statistics/random.ts";
import { drawCampaign } from "./campaign.ts";
import { quietCell } from "./cell.ts";
import { typicalAlone } from "./contestants.ts";

/** ConfidenceBin are the campaigns whose stated release confidence lay in one fifth of the scale. */
export interface ConfidenceBin {
  readonly from: number;
  readonly to: number;
  readonly campaigns: number;
  readonly stated: number;
  /** Share of them whose true change was inside the margin. */
  readonly inside: number;
}

export interface ConfidenceResult {
  /** Mean squared distance from the truth; `guess` is that of always stating the share of all that are inside. */
  readonly brier: number;
  readonly guess: number;
  readonly bins: readonly ConfidenceBin[];
}

const margin = 0.05;
const policy = {
  ...typicalAlone,
  resamples: 400,
  indicators: { ...typicalAlone.indicators, "order-import.latency-typical": { margin: { relative: margin }, gate: true } },
};

/** judgeConfidence draws true changes around the margin, and asks how often a stated confidence comes true. */
export function judgeConfidence(options: { repetitions: number; seed: number }): ConfidenceResult {
  const random = seededRandom(options.seed);
  const cell = quietCell({ schedule: "duet", pairs: 1, points: 180, rho: 0.3, runSd: 0.01, driftSd: 0.01 });
  const stated: { confidence: number; inside: number }[] = [];
  for (let seed = 0; seed < options.repetitions; seed += 1) {
    const change = Math.log1p(margin) + 0.05 * standardNormal(random);
    const { evidence } = drawCampaign(cell, { effect: { kind: "shift", factor: Math.exp(change) }, random, seed });
    const { confidence } = evaluate(evidence, policy);
    if (confidence !== null) stated.push({ confidence, inside: change < Math.log1p(margin) ? 1 : 0 });
  }
  const mean = (values: readonly number[]) => values.reduce((total, each) => total + each, 0) / Math.max(1, values.length);
  const base = mean(stated.map(({ inside }) => inside));
  return {
    brier: mean(stated.map(({ confidence, inside }) => (confidence - inside) ** 2)),
    guess: base * (1 - base),
    bins: [0, 0.2, 0.4, 0.6, 0.8].map((from) => {
      const to = from + 0.2;
      const here = stated.filter(({ confidence }) => confidence >= from && (confidence < to || to > 0.99));
      return {
        from,
        to,
        campaigns: here.length,
        stated: mean(here.map(({ confidence }) => confidence)),
        inside: mean(here.map(({ inside }) => inside)),
      };
    }),
  };
}
