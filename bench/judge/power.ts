import { quantile } from "../../src/statistics/quantile.ts";
import { seededRandom } from "../../src/statistics/random.ts";
import { campaignOf, draftCampaign, type Campaign, type Draft } from "./campaign.ts";
import type { Cell } from "./cell.ts";
import { contestants } from "./contestants.ts";

/** Power is how often a contestant finds a harmful factor. */
export interface Power {
  readonly name: string;
  /** Share of campaigns in which each of `factors` is found. */
  readonly found: readonly number[];
  /** Smallest slow-down that is found in four of five campaigns; null beyond the largest factor. */
  readonly mde80: number | null;
}

export interface PowerOfCell {
  readonly own: readonly Power[];
  /** Everybody moved to the same false-alarm rate in this very cell, by campaigns of equal releases drawn for that. */
  readonly calibrated: readonly Power[];
  /**
   * What a judge could find that knew the noise exactly: 3.17 standard errors (2.33 for 1 % false alarms, .84 for 80 % power) of
   * ln(ratio of geometric means) over all points.
   */
  readonly floor: number;
}

export const factors = [1.03, 1.05, 1.07, 1.1, 1.15, 1.2, 1.3, 1.5] as const;

/** The false-alarm rate to which everybody is moved. */
export const calibratedRate = 0.01;

const largest = 2;

/**
 * powerOf draws campaigns and looks for the smallest slow-down of each at which a contestant says "worse": a campaign
 * with its luck is the same at every factor, so the curves are as smooth as so many campaigns can make them.
 */
export function powerOf(cell: Cell, options: { repetitions: number; seed: number }): PowerOfCell {
  const random = seededRandom(options.seed);
  const draw = (count: number) =>
    Array.from({ length: count }, (_, seed) => draftCampaign(cell, { effect: { kind: "none" }, random, seed }));
  const equal = draw(2 * options.repetitions).map((draft) => campaignOf(draft));
  const drafts = draw(options.repetitions);
  const own = contestants.map(({ name, fails }) => describe(name, smallestFactors(drafts, fails)));
  const calibrated = contestants.flatMap(({ calibratedName, score }) => {
    if (calibratedName === null) return [];
    const threshold = quantile(
      equal.map((campaign) => score(campaign)),
      1 - calibratedRate,
    );
    return [
      describe(
        calibratedName,
        smallestFactors(drafts, (campaign) => score(campaign) > threshold),
      ),
    ];
  });
  return { own, calibrated, floor: Math.expm1(3.168 * spreadOf(equal)) };
}

function describe(name: string, smallest: readonly number[]): Power {
  const found = factors.map((factor) => smallest.filter((each) => each <= factor).length / smallest.length);
  const mde = quantile(smallest, 0.8);
  return { name, found, mde80: mde < largest ? mde - 1 : null };
}

function smallestFactors(drafts: readonly Draft[], fails: (campaign: Campaign) => boolean): number[] {
  return drafts.map((draft) => {
    if (!fails(campaignOf(draft, largest))) return Number.POSITIVE_INFINITY;
    let [low, high] = [0.7, largest];
    // Down to half a thousandth.
    for (let step = 0; step < 11; step += 1) {
      const middle = Math.sqrt(low * high);
      if (fails(campaignOf(draft, middle))) high = middle;
      else low = middle;
    }
    return high;
  });
}

/** spreadOf is the standard deviation of ln(ratio of geometric means) over equal releases. */
function spreadOf(campaigns: readonly Campaign[]): number {
  const logMean = (values: readonly number[]) => values.reduce((total, value) => total + Math.log(value), 0) / values.length;
  const effects = campaigns.map(({ baseline, candidate }) => logMean(candidate) - logMean(baseline));
  const mean = effects.reduce((total, each) => total + each, 0) / effects.length;
  return Math.sqrt(effects.reduce((total, each) => total + (each - mean) ** 2, 0) / (effects.length - 1));
}
