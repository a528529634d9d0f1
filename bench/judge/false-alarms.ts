import { seededRandom } from "../../src/statistics/random.ts";
import { drawCampaign, type Cell } from "./campaign.ts";
import { contestants } from "./contestants.ts";

/** FalseAlarms are the alarms of each contestant among equal releases of one cell, in the order of `contestants`. */
export interface FalseAlarms {
  readonly cell: Cell;
  readonly repetitions: number;
  readonly alarms: readonly number[];
}

/** noiseCells are the cells of the synthetic grid; without `full` its corners and the middle of the autocorrelation. */
export function noiseCells(full: boolean): Cell[] {
  const cells: Cell[] = [];
  for (const schedule of ["duet", "sequential"] as const)
    for (const pairs of [1, 5, 8])
      for (const points of full ? [30, 60, 180] : [30, 180])
        for (const rho of full ? [0, 0.3, 0.6, 0.8] : [0, 0.6, 0.8])
          for (const runSd of full ? [0, 0.01, 0.03, 0.05] : [0, 0.05])
            for (const driftSd of full ? [0, 0.03, 0.05] : [0, 0.05])
              cells.push({ schedule, pairs, points, rho, runSd, driftSd });
  return cells;
}

export function falseAlarms(cell: Cell, options: { repetitions: number; seed: number }): FalseAlarms {
  const random = seededRandom(options.seed);
  const alarms = contestants.map(() => 0);
  for (let repetition = 0; repetition < options.repetitions; repetition += 1) {
    const campaign = drawCampaign(cell, { factor: 1, random, seed: repetition });
    for (const [index, contestant] of contestants.entries())
      if (contestant.fails(campaign)) alarms[index] = (alarms[index] ?? 0) + 1;
  }
  return { cell, repetitions: options.repetitions, alarms };
}
