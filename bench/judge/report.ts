import { wilsonInterval } from "../../src/statistics/wilson.ts";
import type { Cell } from "./campaign.ts";
import { contestants } from "./contestants.ts";
import type { CountPower } from "./counts.ts";
import type { FalseAlarms } from "./false-alarms.ts";
import { calibratedRate, factors, type Power } from "./power.ts";

export interface BenchResults {
  readonly repetitions: number;
  readonly alarms: readonly FalseAlarms[];
  readonly power: readonly { readonly name: string; readonly cell: Cell; readonly rows: readonly Power[] }[];
  readonly counts: readonly CountPower[];
  readonly work: { readonly found: number; readonly of: number };
  readonly noData: { readonly passed: number; readonly of: number };
}

const percent = (share: number, digits = 1) => `${(100 * share).toFixed(digits)} %`;

/** reportMarkdown writes the results, worst cell first. */
export function reportMarkdown(results: BenchResults): string {
  return [
    "# The judge against others, on the same synthetic campaigns",
    "",
    "Made by `npm run bench:judge`: seeded, the same on every machine. Points are one a second, log-normal with a coefficient of variation",
    "of .15 and autocorrelation rho; runs differ by `run sd`, the host drifts by `drift`. In sequence each run draws its own luck, in a duet",
    "both arms share it. Blocks are ten seconds, or whole pairs of runs where there are several in sequence.",
    "",
    ...alarmSection(results),
    ...targetSection(results),
    ...results.power.flatMap(({ name, cell, rows }) => powerSection(name, cell, rows)),
    ...countSection(results.counts),
    "## Work and missing data",
    "",
    `One SQL statement more per order in 150 s of duet: found in ${results.work.found} of ${results.work.of} campaigns.`,
    `Campaigns with one arm empty, all NaN or without denominators: ${results.noData.passed} passes of ${results.noData.of}.`,
    "",
  ].join("\n");
}

function alarmSection({ alarms, repetitions }: BenchResults): string[] {
  const worst = contestants.map((contestant, index) => {
    const sorted = [...alarms].sort((a, b) => (b.alarms[index] ?? 0) - (a.alarms[index] ?? 0));
    const all = alarms.reduce((total, cell) => total + (cell.alarms[index] ?? 0), 0);
    const over = alarms.filter((cell) => (cell.alarms[index] ?? 0) / cell.repetitions > 0.01).length;
    return { name: contestant.name, first: sorted[0], count: sorted[0]?.alarms[index] ?? 0, all, over };
  });
  const total = alarms.length * repetitions;
  return [
    "## False alarms: equal releases called worse",
    "",
    `${alarms.length} cells, ${repetitions} campaigns each. A cell is over 1 % by its point estimate.`,
    "",
    "| rule | worst cell | alarms there (95 % interval) | over all cells | cells over 1 % |",
    "|---|---|---|---|---|",
    ...worst.map(({ name, first, count, all, over }) => {
      const interval = wilsonInterval(count, repetitions, 0.95);
      const where = first === undefined || count === 0 ? "none" : describeCell(first.cell);
      return `| ${name} | ${where} | ${percent(count / repetitions)} (${percent(interval.lower)} to ${percent(interval.upper)}) | ${percent(all / total, 2)} | ${over} |`;
    }),
    "",
  ];
}

/** targetSection holds the targets against what was found, missed ones included. The margin of 1 % is where the test alone decides. */
function targetSection({ alarms, power, work, noData }: BenchResults): string[] {
  const worst = Math.max(...alarms.map((cell) => (cell.alarms[0] ?? 0) / cell.repetitions));
  const smallest = (index: number) => power[index]?.rows[1]?.rawMde80 ?? Infinity;
  const row = (target: string, found: string, met: boolean) => `| ${target} | ${found} | ${met ? "met" : "missed"} |`;
  return [
    "## Against the targets",
    "",
    "| target | found | |",
    "|---|---|---|",
    row("false alarms at most 1 % in every cell, default policy", `worst cell ${percent(worst)}`, worst <= 0.01),
    row("eight pairs of 40 s: 7 % found in 80 %, margin 1 %, quiet", percent(smallest(0)), smallest(0) <= 0.07),
    row("four minutes of duet: 5 % found in 80 %, margin 1 %, quiet", percent(smallest(2)), smallest(2) <= 0.05),
    row("four minutes of duet: 15 %, strongly correlated noise", percent(smallest(3)), smallest(3) <= 0.15),
    row("one statement more per order found in one campaign", `${work.found} of ${work.of}`, work.found === work.of),
    row("no pass without data", `${noData.passed} of ${noData.of}`, noData.passed === 0),
    "",
    "Kayenta's rank test, moved to the same false-alarm rate, finds smaller shifts than the judge: ranks use every value, a median only",
    "those around it. Unmoved, it pays with the false alarms above.",
    "",
  ];
}

function describeCell({ schedule, pairs, points, rho, runSd, driftSd }: Cell): string {
  return `${schedule}, ${pairs} x ${points} s, rho ${rho}, run sd ${percent(runSd, 0)}, drift ${percent(driftSd, 0)}`;
}

function powerSection(name: string, cell: Cell, rows: readonly Power[]): string[] {
  const heads = factors.map((factor) => `+${Math.round(100 * (factor - 1))} %`).join(" | ");
  const detectable = (mde: number | null) => (mde === null ? "beyond 50 %" : percent(mde));
  return [
    `## Power: ${name}`,
    "",
    `${describeCell(cell)}. First its own rule, then moved to ${percent(calibratedRate, 0)} false alarms in this cell (the two forms of peakproof share one score).`,
    "",
    `| rule | ${heads} | smallest found in 80 % |`,
    `|---|${factors.map(() => "---|").join("")}---|`,
    ...rows.map(
      ({ name: rule, raw, rawMde80 }) =>
        `| ${rule} | ${raw.map((share) => share.toFixed(2)).join(" | ")} | ${detectable(rawMde80)} |`,
    ),
    ...rows
      .filter((_, index) => index !== 0 && index !== 4)
      .map(
        ({ name: rule, calibrated, mde80 }) =>
          `| calibrated: ${scoreName(rule)} | ${calibrated.map((share) => share.toFixed(2)).join(" | ")} | ${detectable(mde80)} |`,
      ),
    "",
  ];
}

function scoreName(rule: string): string {
  return rule.startsWith("k6") ? "ratio of p95" : rule.startsWith("peakproof") ? "peakproof, p of the median" : rule;
}

function countSection(counts: readonly CountPower[]): string[] {
  return [
    "## Rare errors",
    "",
    "Errors per interval of a hundred requests, sixty intervals an arm. Equal rows are false alarms. peakproof: exact limits, margin 0.1 points, alpha 1 %;",
    "conditional: the exact conditional binomial test without margin at alpha 0.1 %; Kayenta's rule on the errors of each interval.",
    "",
    "| from → to | peakproof | conditional | Kayenta |",
    "|---|---|---|---|",
    ...counts.map(
      ({ from, to, peakproof, conditional, kayenta }) =>
        `| ${from} → ${to} | ${peakproof.toFixed(2)} | ${conditional.toFixed(2)} | ${kayenta.toFixed(2)} |`,
    ),
    "",
  ];
}
