import type { BenchResults } from "./bench-results.ts";
import { describeCell } from "./cell.ts";
import { contestants, place } from "./contestants.ts";
import type { RepeatedAlarms } from "./false-alarms.ts";
import { wilsonInterval } from "./wilson.ts";

export const percent = (share: number, digits = 1) => `${(100 * share).toFixed(digits)} %`;

export const withInterval = (count: number, of: number) => {
  const { lower, upper } = wilsonInterval(count, of, 0.95);
  return `${percent(count / of)} (${percent(lower)} to ${percent(upper)})`;
};

/** alarmSection says how often equal releases are called worse, the worst cell of each rule first. */
export function alarmSection({ alarms, repeated, repetitions }: BenchResults): string[] {
  const total = alarms.length * repetitions;
  return [
    "## False alarms: equal releases called worse",
    "",
    `${alarms.length} cells, ${repetitions} campaigns each. The worst of so many cells looks bad by luck alone, so each rule's worst cells are drawn`,
    `again (${repeated[0]?.repetitions ?? 0} campaigns, 95 % interval); the first of them by that second draw is shown.`,
    "",
    "| rule | worst cell | alarms there, drawn again | in all cells | cells with more than 1 % |",
    "|---|---|---|---|---|",
    ...contestants.map(({ name }, index) => {
      const worst = worstOf(repeated, index);
      const all = alarms.reduce((sum, cell) => sum + (cell.alarms[index] ?? 0), 0);
      const over = alarms.filter((cell) => wilsonInterval(cell.alarms[index] ?? 0, cell.repetitions, 0.95).lower > 0.01).length;
      const [where, there] =
        worst === undefined || worst.count === 0
          ? ["none", percent(0)]
          : [describeCell(worst.cell), withInterval(worst.count, worst.repetitions)];
      return `| ${name} | ${where} | ${there} | ${percent(all / total, 2)} | ${over} |`;
    }),
    "",
    "A cell counts as more than 1 % where its 95 % interval lies wholly above. Cells with a noisy neighbour that no probe sees are among them.",
    "",
    "The worst cells of the judge without margin, where nothing but its test stands between noise and FAIL:",
    "",
    "| cell | alarms, drawn again |",
    "|---|---|",
    ...repeated
      .filter(({ contestant }) => contestant === place.noMargin)
      .sort((a, b) => b.count - a.count)
      .map(({ cell, count, repetitions: of }) => `| ${describeCell(cell)} | ${withInterval(count, of)} |`),
    "",
    "![False alarms by cell](judge-false-alarms.svg)",
    "",
  ];
}

/** worstOf is the cell of a contestant with most alarms in the second draw. */
export function worstOf(repeated: readonly RepeatedAlarms[], contestant: number): RepeatedAlarms | undefined {
  return repeated.filter((each) => each.contestant === contestant).sort((a, b) => b.count - a.count)[0];
}
