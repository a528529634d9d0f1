import { quantile } from "../../src/statistics/quantile.ts";
import { seededRandom } from "../../src/statistics/random.ts";
import { drawCampaign, type Campaign, type Cell } from "./campaign.ts";
import { contestants, type Contestant } from "./contestants.ts";

/** Power is how often a contestant finds a harmful factor, by its own rule and when moved to the same false-alarm rate. */
export interface Power {
  readonly name: string;
  readonly raw: readonly number[];
  readonly calibrated: readonly number[];
  /** Smallest of the factors that the calibrated form finds in four of five campaigns, by interpolation; null beyond the last. */
  readonly mde80: number | null;
  readonly rawMde80: number | null;
}

export const factors = [1.03, 1.05, 1.07, 1.1, 1.15, 1.2, 1.3, 1.5] as const;

/** The false-alarm rate to which everybody is moved. */
export const calibratedRate = 0.01;

export function powerOf(cell: Cell, options: { repetitions: number; seed: number }): Power[] {
  const random = seededRandom(options.seed);
  const draw = (factor: number, repetitions: number) =>
    Array.from({ length: repetitions }, (_, seed) => drawCampaign(cell, { factor, random, seed }));
  const equal = draw(1, 2 * options.repetitions);
  const worse = factors.map((factor) => draw(factor, options.repetitions));
  return contestants.map((contestant) => powerOfOne(contestant, equal, worse));
}

function powerOfOne(contestant: Contestant, equal: readonly Campaign[], worse: readonly (readonly Campaign[])[]): Power {
  const threshold = quantile(
    equal.map((campaign) => contestant.score(campaign)),
    1 - calibratedRate,
  );
  const share = (campaigns: readonly Campaign[], found: (campaign: Campaign) => boolean) =>
    campaigns.filter(found).length / campaigns.length;
  const raw = worse.map((campaigns) => share(campaigns, (campaign) => contestant.fails(campaign)));
  const calibrated = worse.map((campaigns) => share(campaigns, (campaign) => contestant.score(campaign) > threshold));
  return { name: contestant.name, raw, calibrated, mde80: detectable(calibrated), rawMde80: detectable(raw) };
}

function detectable(power: readonly number[]): number | null {
  const index = power.findIndex((share) => share >= 0.8);
  if (index < 0) return null;
  const [before, at] = [power[index - 1] ?? 0, power[index] ?? 1];
  const [from, to] = [index === 0 ? 1 : (factors[index - 1] ?? 1), factors[index] ?? 1];
  return from + ((0.8 - before) / Math.max(1e-9, at - before)) * (to - from) - 1;
}
