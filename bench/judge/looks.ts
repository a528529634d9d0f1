import { evaluate } from "../../src/evaluator/evaluate.ts";
import { quantile } from "../../src/statistics/quantile.ts";
import { seededRandom } from "../../src/statistics/random.ts";
import { campaignOf, draftCampaign, type Draft } from "./campaign.ts";
import { quietCell } from "./cell.ts";
import { noMargin, policy } from "./contestants.ts";
import { kayentaSaysHigh } from "./kayenta.ts";

/** LooksResult is how often and when a rule says "worse" in a campaign that is looked at after every minute. */
export interface LooksResult {
  readonly rule: string;
  readonly rho: number;
  readonly factor: number;
  /** Share of campaigns with "worse" at any look, and at the last look alone. */
  readonly anyLook: number;
  readonly lastLook: number;
  /** Minute of the first "worse" among those campaigns: median and p90; null where there are none. */
  readonly median: number | null;
  readonly p90: number | null;
}

const looks = 8;

interface Rule {
  readonly name: string;
  readonly fails: (draft: Draft, look: number) => boolean;
}

const judge = (name: string, used: typeof policy): Rule => ({
  name,
  fails: (draft, look) => evaluate({ ...campaignOf(draft).evidence, looks: look }, used).verdict === "fail",
});

const rules: readonly Rule[] = [
  judge("peakproof, default policy", policy),
  judge("peakproof, no margin", noMargin),
  {
    name: "peakproof, no margin, looks not counted",
    fails: (draft) => evaluate(campaignOf(draft).evidence, noMargin).verdict === "fail",
  },
  {
    name: "Kayenta (NetflixACAJudge)",
    fails: (draft) => {
      const { baseline, candidate } = campaignOf(draft);
      return kayentaSaysHigh(baseline, candidate);
    },
  },
];

export const looksCases: readonly { readonly rho: number; readonly factor: number }[] = [
  { rho: 0, factor: 1 },
  { rho: 0.3, factor: 1 },
  { rho: 0.6, factor: 1 },
  { rho: 0.3, factor: 1.1 },
  { rho: 0.3, factor: 1.3 },
];

/** judgeLooks looks at duets after 1, 2, ... 8 rounds of a minute. */
export function judgeLooks(
  { rho, factor }: { readonly rho: number; readonly factor: number },
  options: { repetitions: number; seed: number },
): LooksResult[] {
  const random = seededRandom(options.seed);
  const cell = quietCell({ schedule: "duet", pairs: looks, points: 60, rho, runSd: 0.01, driftSd: 0.01 });
  const first = rules.map((): number[] => []);
  const last = rules.map(() => 0);
  for (let seed = 0; seed < options.repetitions; seed += 1) {
    const whole = draftCampaign(cell, { effect: { kind: "shift", factor }, random, seed });
    const planned = { ...whole, planned: cell.points };
    const grown = Array.from({ length: looks }, (_, index) => untilRound(planned, index + 1));
    for (const [index, rule] of rules.entries()) {
      const said = grown.map((draft, look) => rule.fails(draft, look + 1));
      if (said.includes(true)) first[index]?.push(1 + said.indexOf(true));
      if (said.at(-1) ?? false) last[index] = (last[index] ?? 0) + 1;
    }
  }
  return rules.map(({ name }, index) => {
    const minutes = first[index] ?? [];
    return {
      rule: name,
      rho,
      factor,
      anyLook: minutes.length / options.repetitions,
      lastLook: (last[index] ?? 0) / options.repetitions,
      median: minutes.length === 0 ? null : quantile(minutes, 0.5),
      p90: minutes.length === 0 ? null : quantile(minutes, 0.9),
    };
  });
}

function untilRound(draft: Draft, rounds: number): Draft {
  return { ...draft, cell: { ...draft.cell, pairs: rounds }, runs: draft.runs.slice(0, rounds) };
}
