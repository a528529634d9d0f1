import type { BenchResults } from "./bench-results.ts";
import { contestants, place } from "./contestants.ts";
import { countAlpha, countMargin } from "./counts.ts";
import { familyFactor } from "./families.ts";
import { percent } from "./report-alarms.ts";

/** effectSection shows changes other than a constant factor. */
export function effectSection({ effects }: BenchResults): string[] {
  const share = (count: number, of: number) => (count / of).toFixed(2);
  const others = contestants.map((_, index) => index).filter((index) => index !== place.default && !alike.includes(index));
  return [
    "## Other changes than a shift",
    "",
    "Four minutes of duet (quiet, rho .3) unless the line says otherwise. peakproof with its default policy: FAIL / INCONCLUSIVE / PASS; margins",
    "are 15 % of typical latency and p50, 25 % of p95, two points of failed share, so small changes may pass. The others: share of FAIL.",
    "Kayenta also gets the metric of ten seconds that shows the change best (mean, p50, p95 or errors).",
    "",
    `| change | peakproof, default | must not | ${others.map((index) => contestants[index]?.name).join(" | ")} | Kayenta, best metric |`,
    `|---|---|---|${others.map(() => "---|").join("")}---|`,
    ...effects.map(({ name, never, repetitions: of, verdicts, fails, kayentaBest }) =>
      [
        `| ${name}`,
        `${share(verdicts.fail, of)} / ${share(verdicts.inconclusive, of)} / ${share(verdicts.pass, of)}`,
        never?.toUpperCase() ?? "–",
        ...others.map((index) => share(fails[index] ?? 0, of)),
        `${share(kayentaBest.fails, of)} (${kayentaBest.metric}) |`,
      ].join(" | "),
    ),
    "",
    lostTo(effects),
    "",
  ];
}

/** A change of the candidate that another rule finds clearly more often than every form of the judge is named. */
function lostTo(effects: BenchResults["effects"]): string {
  const lost = effects.flatMap(({ name, never, repetitions, fails, kayentaBest }) => {
    if (never === "fail") return [];
    const judge = Math.max(...judges.map((index) => fails[index] ?? 0));
    const best = Math.max(kayentaBest.fails, ...fails.filter((_, index) => !judges.includes(index)));
    return best - judge > 0.1 * repetitions
      ? [`${name} (${(best / repetitions).toFixed(2)} against ${(judge / repetitions).toFixed(2)})`]
      : [];
  });
  return lost.length === 0
    ? "No other rule finds any of these more than a tenth oftener than the judge."
    : `Another rule finds more than every form of the judge: ${lost.join("; ")}.`;
}

/** Forms of the judge that differ from the default gates in how alpha is shared, and in nothing else. */
const alike: readonly number[] = [place.typicalAlone, place.allGates];

const judges: readonly number[] = [place.default, place.noMargin, ...alike];

export function looksSection({ looks }: BenchResults): string[] {
  const minutes = (value: number | null) => (value === null ? "–" : value.toFixed(1));
  return [
    "## Repeated looks and time to FAIL",
    "",
    "Eight rounds of a minute in duet, judged after each round. Look k of the judge may spend alpha / (k (k + 1)), so that looks may go on for ever.",
    "",
    "| rule | rho | true slow-down | FAIL at any look | at the last look alone | minutes to FAIL: median | p90 |",
    "|---|---|---|---|---|---|---|",
    ...looks.map(
      ({ rule, rho, factor, anyLook, lastLook, median, p90 }) =>
        `| ${rule} | ${rho} | ${percent(factor - 1, 0)} | ${percent(anyLook)} | ${percent(lastLook)} | ${minutes(median)} | ${minutes(p90)} |`,
    ),
    "",
  ];
}

export function familySection({ families }: BenchResults): string[] {
  return [
    "## Many metrics that move together",
    "",
    `Two minutes of duet, correlation one half between metrics, changed ones ${percent(familyFactor - 1, 0)} slower, no margin, all of them gates. Kayenta scores the share of`,
    "metrics that are not High; below 95 the report is not passed, below 75 it fails (the usual thresholds).",
    "",
    "| metrics | changed | peakproof FAIL | unchanged among the metrics it names | Kayenta below 95 | below 75 |",
    "|---|---|---|---|---|---|",
    ...families.map(
      ({ metrics, changed, peakproofFails, wrongNames, kayentaNotPassed, kayentaFails }) =>
        `| ${metrics} | ${changed} | ${percent(peakproofFails)} | ${percent(wrongNames)} | ${percent(kayentaNotPassed)} | ${percent(kayentaFails)} |`,
    ),
    "",
  ];
}

export function countSection({ counts }: BenchResults): string[] {
  return [
    "## Rare errors",
    "",
    "Errors per interval of a hundred requests, sixty intervals an arm. Equal rows are false alarms. peakproof: exact limits, alpha 1 %,",
    `or the part of it that the failed share has among all gates, ${percent(countAlpha.amongAll, 2)}, and next to no margin (${percent(countMargin.none, 2)} of all requests), as`,
    "its rivals have none; then with a margin of 0.1 points. conditional: the exact conditional binomial test at alpha 0.1 %; Kayenta's rule on the",
    "errors of each interval.",
    "",
    "| from → to | peakproof | among all gates | among all, margin 0.1 points | conditional | Kayenta |",
    "|---|---|---|---|---|---|",
    ...counts.map(({ from, to, ...found }) => {
      const rules = [found.peakproof, found.amongAll, found.amongAllWithMargin, found.conditional, found.kayenta];
      return `| ${from} → ${to} | ${rules.map((power) => power.toFixed(2)).join(" | ")} |`;
    }),
    "",
  ];
}

export function confidenceSection({ confidence }: BenchResults): string[] {
  return [
    "## Release confidence: does it come true?",
    "",
    "True changes drawn around a margin of 5 % (sd 5 %), three minutes of duet, rho .3. Of campaigns that state a confidence, the share whose true",
    `change was inside the margin. Brier score ${confidence.brier.toFixed(3)}; always stating the same share would score ${confidence.guess.toFixed(3)}.`,
    "",
    "| confidence | campaigns | stated on average | came true |",
    "|---|---|---|---|",
    ...confidence.bins.map(
      ({ from, to, campaigns, stated, inside }) =>
        `| ${percent(from, 0)} to ${percent(to, 0)} | ${campaigns} | ${percent(stated, 0)} | ${campaigns === 0 ? "–" : percent(inside, 0)} |`,
    ),
    "",
  ];
}

export function safetySection({ safety }: BenchResults): string[] {
  const tally = (each: { held: number; of: number } | null) => (each === null ? "–" : `${each.held} of ${each.of}`);
  return [
    "## What must not matter",
    "",
    "| | peakproof | Kayenta |",
    "|---|---|---|",
    ...safety.invariance.map(({ name, peakproof, kayenta }) => `| ${name} | ${tally(peakproof)} | ${tally(kayenta)} |`),
    `| an arm or a gate silent: not passed | ${tally(safety.noData)} | – |`,
    "",
  ];
}

export function recordedSection({ recorded }: BenchResults): string[] {
  if (recorded.length === 0) return [];
  return [
    "## Recorded campaigns of the lab",
    "",
    "Verdict of the judge on whole bundles; the other rules on each latency of transactions and steps (every one that says worse is counted).",
    "",
    "| bundle | releases | peakproof | regressed gates | metrics | Kayenta High | k6-style | p95 +10 % |",
    "|---|---|---|---|---|---|---|---|",
    ...recorded.map(
      (each) =>
        `| ${each.bundle} | ${each.releases}${each.equal ? " (equal)" : ""} | ${each.verdict.toUpperCase()} | ${each.regressed.join(", ") || "–"} | ${each.metrics} | ${each.kayenta} | ${each.kStyle} | ${each.tenPercent} |`,
    ),
    "",
  ];
}
