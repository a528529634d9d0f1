import type { BenchResults } from "./bench-results.ts";
import { alarmSection } from "./report-alarms.ts";
import { powerSection } from "./report-power.ts";
import {
  confidenceSection,
  countSection,
  effectSection,
  familySection,
  looksSection,
  recordedSection,
  safetySection,
} from "./report-rest.ts";
import { targetSection, worstCellLine } from "./report-targets.ts";

/** reportMarkdown writes the results: first what was to be reached, then false alarms by their worst cell, then the rest. */
export function reportMarkdown(results: BenchResults): string {
  return [
    "# The judge against others, on the same synthetic campaigns",
    "",
    worstCellLine(results),
    "",
    `Made by \`npm run bench:judge${results.full ? " -- --full" : ""}\`: seeded and repeatable. Points are one a second, log-normal with a coefficient of`,
    "variation of .15; each arm's points have autocorrelation rho of their own. Runs differ by `run sd`, the host drifts by `drift` from pair to",
    "pair. In sequence each run has its own luck, and a pair shares the drift; in a duet both arms share the run and its luck, and nothing",
    "here gives two servers of a duet a lasting difference of their own: `npm run bench:equal` measures that on the lab. Blocks",
    "are ten seconds, or whole pairs of runs where there are several in sequence.",
    "",
    ...targetSection(results),
    ...alarmSection(results),
    ...powerSection(results),
    ...effectSection(results),
    ...looksSection(results),
    ...familySection(results),
    ...countSection(results),
    ...confidenceSection(results),
    ...safetySection(results),
    ...recordedSection(results),
  ].join("\n");
}
