import { seededRandom } from "../../src/statistics/random.ts";
import { drawCampaign } from "./campaign.ts";
import type { Cell } from "./cell.ts";
import { contestants } from "./contestants.ts";

/** FalseAlarms are the alarms of each contestant among equal releases of one cell, in the order of `contestants`. */
export interface FalseAlarms {
  readonly cell: Cell;
  readonly repetitions: number;
  readonly alarms: readonly number[];
}

/** falseAlarms counts them; `only` leaves out contestants that are not asked again. */
export function falseAlarms(
  cell: Cell,
  options: { repetitions: number; seed: number; only?: readonly number[] | undefined },
): FalseAlarms {
  const random = seededRandom(options.seed);
  const alarms = contestants.map(() => 0);
  for (let repetition = 0; repetition < options.repetitions; repetition += 1) {
    const campaign = drawCampaign(cell, { effect: { kind: "none" }, random, seed: repetition });
    for (const [index, contestant] of contestants.entries()) {
      if (options.only !== undefined && !options.only.includes(index)) continue;
      if (contestant.fails(campaign)) alarms[index] = (alarms[index] ?? 0) + 1;
    }
  }
  return { cell, repetitions: options.repetitions, alarms };
}

/** RepeatedAlarms are the alarms of one contestant in one of its worst cells, in campaigns that had no part in finding it. */
export interface RepeatedAlarms {
  readonly cell: Cell;
  readonly contestant: number;
  readonly count: number;
  readonly repetitions: number;
}

/**
 * worstCells are the cells in which each contestant raised most alarms. The worst of hundreds of cells looks bad by chance
 * alone, so it is drawn again.
 */
export function worstCells(all: readonly FalseAlarms[], each: number): { cell: Cell; contestant: number }[] {
  return contestants.flatMap((_, contestant) =>
    [...all]
      .sort((a, b) => (b.alarms[contestant] ?? 0) - (a.alarms[contestant] ?? 0))
      .slice(0, each)
      .map(({ cell }) => ({ cell, contestant })),
  );
}

export function repeatCell(
  { cell, contestant }: { cell: Cell; contestant: number },
  options: { repetitions: number; seed: number },
): RepeatedAlarms {
  const { alarms } = falseAlarms(cell, { ...options, only: [contestant] });
  return { cell, contestant, count: alarms[contestant] ?? 0, repetitions: options.repetitions };
}
