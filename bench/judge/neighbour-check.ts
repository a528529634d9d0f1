import { median } from "../../src/statistics/quantile.ts";
import { seededRandom } from "../../src/statistics/random.ts";
import { quietCell } from "./cell.ts";
import { drawRuns } from "./noise.ts";

/** NeighbourCheck is the noise of the model in the unit of the lab's table: sd of ln(candidate / baseline) in 80 s of duet. */
export interface NeighbourCheck {
  readonly p50: number;
  readonly typical: number;
}

export function neighbourCheck(options: { repetitions: number; seed: number }): NeighbourCheck {
  const random = seededRandom(options.seed);
  const cell = quietCell({ schedule: "duet", pairs: 1, points: 80, neighbour: "unseen" });
  const runs = Array.from({ length: 5 * options.repetitions }, () => drawRuns(cell, random)).flat();
  const logMean = (values: readonly number[]) => values.reduce((total, value) => total + Math.log(value), 0) / values.length;
  return {
    p50: deviation(runs.map(({ baseline, candidate }) => Math.log(median(candidate) / median(baseline)))),
    typical: deviation(runs.map(({ baseline, candidate }) => logMean(candidate) - logMean(baseline))),
  };
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((total, each) => total + each, 0) / values.length;
  return Math.sqrt(values.reduce((total, each) => total + (each - mean) ** 2, 0) / (values.length - 1));
}
