import type { BenchResults } from "./bench-results.ts";
import { describeCell } from "./cell.ts";
import { calibratedRate, factors, type Power } from "./power.ts";
import { powerFactor } from "./power-cells.ts";
import { percent } from "./report-alarms.ts";

/** powerSection says what slow-down each rule finds how often. */
export function powerSection({ power, repetitions, neighbour }: BenchResults): string[] {
  return [
    "## Power",
    "",
    `First each rule as it is, then moved to ${percent(calibratedRate, 0)} false alarms in the very cell (which no user can do). ${powerFactor * repetitions} campaigns a row. "Known noise" is what`,
    "would be found by the mean of all logarithms if its standard error were known exactly: 3.17 of them. Ranks can do better where tails are heavy.",
    "",
    ...power.flatMap(({ name, cell, found }) => [
      `### ${name}`,
      "",
      `${describeCell(cell)}. Known noise ${percent(found.floor)}. ${winner(found.calibrated)}`,
      "",
      `| rule | ${factors.map((factor) => `+${Math.round(100 * (factor - 1))} %`).join(" | ")} | smallest found in 80 % |`,
      `|---|${factors.map(() => "---|").join("")}---|`,
      ...found.own.map((each) => powerRow(each.name, each)),
      ...found.calibrated.map((each) => powerRow(`calibrated: ${each.name}`, each)),
      "",
    ]),
    "The noisy neighbour is a model: bursts of twelve seconds that double the latency of both arms (assumed), with luck of each arm's own. Its",
    `ln(candidate / baseline) spreads by ${neighbour.p50.toFixed(2)} (p50) and ${neighbour.typical.toFixed(2)} (geometric mean) in 80 s of duet; on the lab the p50 of four transactions`,
    'spread by .07, .09, .11 and .18. "Seen" means that the probes see the foreign CPU, as they do on the lab, so that the judge leaves those',
    "blocks out; the other rules have no such thing and use all values. Unseen, all blocks count.",
    "",
    "![Power](judge-power.svg)",
    "",
  ];
}

function powerRow(name: string, { found, mde80 }: Power): string {
  return `| ${name} | ${found.map((share) => share.toFixed(2)).join(" | ")} | ${mde80 === null ? "beyond 100 %" : percent(mde80)} |`;
}

/** Smallest changes found within a tenth of each other count as a tie. */
function winner(calibrated: readonly Power[]): string {
  const sorted = [...calibrated].sort((a, b) => (a.mde80 ?? Infinity) - (b.mde80 ?? Infinity));
  const best = sorted[0];
  if (best === undefined || best.mde80 === null) return "";
  const limit = 1.1 * best.mde80;
  const tied = sorted.filter(({ mde80 }) => (mde80 ?? Infinity) <= limit).map(({ name }) => name);
  return tied.length > 1 ? `At equal false alarms ${tied.join(" and ")} tie.` : `At equal false alarms ${best.name} wins.`;
}
