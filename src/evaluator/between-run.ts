import type { Evidence } from "../domain/evidence.ts";
import type { Indicator } from "../domain/indicator.ts";

/**
 * assumedBetweenRunSd is the standard deviation of ln(value) between runs of the same release where no A/A runs have taught it.
 *
 * Measured on a quiet two-core host, sequential runs of 80 s: ln(candidate/baseline) of latencies .036 to .083, of CPU-ms .034;
 * divided by sqrt 2 for one run: .03 to .06, and .024. SQL statements were equal to the second decimal. A noisy host is far
 * worse (.5 and more): the measured validity of the environment must catch that, no assumption can.
 */
const assumedBetweenRunSd = { latency: 0.05, resource: 0.025, quiet: 0 } as const;

/** blocksArePairs says whether a block is a pair of whole runs. One pair of runs is cut into time blocks instead. */
export function blocksArePairs(evidence: Evidence): boolean {
  return evidence.schedule.kind === "sequential" && evidence.runIds.length > 2;
}

/** betweenRunSd is the part of the noise that the blocks of this evidence cannot show. */
export function betweenRunSd(indicator: Indicator, evidence: Evidence): number {
  // Arms of one run share its luck, and pairs of runs show theirs.
  if (evidence.schedule.kind !== "sequential" || blocksArePairs(evidence)) return 0;
  const learned = evidence.betweenRunSd?.[indicator.id];
  if (learned !== undefined) return learned;
  if (indicator.kind === "latency") return assumedBetweenRunSd.latency;
  if (indicator.unit === "ms" || indicator.kind === "resource") return assumedBetweenRunSd.resource;
  return assumedBetweenRunSd.quiet;
}
