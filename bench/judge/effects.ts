import type { Verdict } from "../../src/domain/judgement/evaluation.ts";
import { evaluate } from "../../src/evaluator/evaluate.ts";
import { quantile } from "../../src/statistics/quantile.ts";
import { seededRandom } from "../../src/statistics/random.ts";
import { type Campaign, drawCampaign } from "./campaign.ts";
import { type Cell, quietCell } from "./cell.ts";
import { contestants, place, policy } from "./contestants.ts";
import type { Effect } from "./effect.ts";
import { kayentaSaysHigh } from "./kayenta.ts";

/** EffectCase is a release or a host that changed in some other way than by a constant factor. */
export interface EffectCase {
  readonly name: string;
  readonly effect: Effect;
  readonly cell: Cell;
  /** What a judge must not say here; null where the change lies inside the default margins. */
  readonly never: Verdict | null;
}

export interface EffectResult {
  readonly name: string;
  readonly never: Verdict | null;
  readonly repetitions: number;
  readonly verdicts: Readonly<Record<Verdict, number>>;
  /** FAIL of the contestants, in their order, and of Kayenta on the metric of ten seconds that shows this effect best. */
  readonly fails: readonly number[];
  readonly kayentaBest: { readonly metric: string; readonly fails: number };
}

const duet = quietCell({ schedule: "duet", pairs: 1, points: 240, rho: 0.3, runSd: 0.01, driftSd: 0.01 });
const pairs = quietCell({ schedule: "sequential", pairs: 8, points: 40, rho: 0.3, runSd: 0.01, driftSd: 0.01 });

const tail = (share: number, never: Verdict | null): EffectCase => ({
  name: `${100 * share} % of requests take 1.5 s longer`,
  effect: { kind: "tail", share, addedMs: 1500 },
  cell: duet,
  never,
});

/** effectCases lists changes of the candidate that may not pass, being beyond its margins, and those that may not fail. */
export const effectCases: readonly EffectCase[] = [
  tail(0.01, null),
  tail(0.02, null),
  tail(0.04, null),
  // Only now the p95 lies among the slow ones.
  tail(0.08, "pass"),
  { name: "variance of ln(latency) x 1.5", effect: { kind: "variance", factor: 1.5 }, cell: duet, never: null },
  { name: "errors 0.5 % to 3.5 %", effect: { kind: "errors", share: 0.035 }, cell: duet, never: "pass" },
  { name: "errors 0.5 % to 10 %", effect: { kind: "errors", share: 0.1 }, cell: duet, never: "pass" },
  { name: "leak: slower and slower, 80 % at the end", effect: { kind: "leak", factor: 1.8 }, cell: duet, never: "pass" },
  { name: "a tenth of the transactions never ends", effect: { kind: "lost-work", share: 0.1 }, cell: duet, never: "pass" },
  { name: "cold start of the candidate, first 15 %", effect: { kind: "warm-up" }, cell: duet, never: "fail" },
  { name: "host 30 % slower half-way, duet", effect: { kind: "host-step" }, cell: duet, never: "fail" },
  { name: "host 30 % slower half-way, 8 pairs", effect: { kind: "host-step" }, cell: pairs, never: "fail" },
];

export function judgeEffect(each: EffectCase, options: { repetitions: number; seed: number }): EffectResult {
  const random = seededRandom(options.seed);
  const verdicts = { pass: 0, fail: 0, inconclusive: 0 };
  const fails = contestants.map(() => 0);
  const metrics = Object.entries(perTenSeconds).map(([metric, of]) => ({ metric, of, fails: 0 }));
  for (let seed = 0; seed < options.repetitions; seed += 1) {
    const campaign = drawCampaign(each.cell, { effect: each.effect, random, seed });
    const { verdict } = evaluate(withLostWork(campaign), policy);
    verdicts[verdict] += 1;
    for (const [index, contestant] of contestants.entries()) {
      const failed = index === place.default ? verdict === "fail" : contestant.fails(campaign);
      if (failed) fails[index] = (fails[index] ?? 0) + 1;
    }
    for (const metric of metrics) {
      if (kayentaSaysHigh(metric.of(campaign, "baseline"), metric.of(campaign, "candidate"))) metric.fails += 1;
    }
  }
  const [best] = metrics.sort((a, b) => b.fails - a.fails);
  return {
    name: each.name,
    never: each.never,
    repetitions: options.repetitions,
    verdicts,
    fails,
    kayentaBest: { metric: best?.metric ?? "", fails: best?.fails ?? 0 },
  };
}

type Arm = "baseline" | "candidate";

/** Whoever configures Kayenta chooses a metric for each interval; these are the usual ones. */
const perTenSeconds: Readonly<Record<string, (campaign: Campaign, arm: Arm) => number[]>> = {
  mean: (campaign, arm) => tens(campaign[arm]).map((values) => values.reduce((total, value) => total + value, 0) / values.length),
  p50: (campaign, arm) => tens(campaign[arm]).map((values) => quantile(values, 0.5)),
  p95: (campaign, arm) => tens(campaign[arm]).map((values) => quantile(values, 0.95)),
  errors: ({ errors }, arm) => [...errors[arm]],
};

function tens(values: readonly number[]): number[][] {
  return Array.from({ length: Math.floor(values.length / 10) }, (_, index) => values.slice(10 * index, 10 * (index + 1)));
}

/** The plan of the load is known, so that work which never ended is seen as such. */
function withLostWork({ evidence }: Campaign): Campaign["evidence"] {
  const done = (arm: Arm) => evidence.transactions.find((entry) => entry.arm === arm)?.count ?? 0;
  const planned = (2 * evidence.loadMs) / 1000;
  const achieved = done("baseline") + done("candidate");
  return {
    ...evidence,
    volumes: [
      {
        service: "order-import",
        scenario: "order-import",
        unit: "order",
        planned,
        achieved,
        failed: 0,
        dropped: 0,
        interrupted: planned - achieved,
      },
    ],
  };
}
