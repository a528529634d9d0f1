import { type Evidence, type LearnedSd, pairsAreBlocks } from "../domain/judgement/evidence.ts";
import type { Indicator } from "../domain/judgement/indicator.ts";

/**
 * assumedBetweenRunSd is the standard deviation of ln(value) between runs of the same release where no A/A runs have taught it.
 *
 * Measured on a quiet two-core host, sequential runs of 80 s: ln(candidate/baseline) of latencies .036 to .083, of CPU-ms .034;
 * divided by sqrt 2 for one run: .03 to .06, and .024. SQL statements were equal to the second decimal. A noisy host is far
 * worse (.5 and more): the measured validity of the environment must catch that, no assumption can.
 */
const assumedBetweenRunSd = { latency: 0.05, resource: 0.025, quiet: 0 } as const;

/** BetweenRun is the noise that the blocks of some evidence cannot show, and how it is known. */
export interface BetweenRun {
  /** For one run, on the scale of the effect. */
  readonly sd: number;
  readonly words: string;
}

/** blocksArePairs says whether a block is a pair of whole runs. One or two pairs of runs are cut into time blocks instead. */
export function blocksArePairs({ schedule, runIds, blocks }: Evidence): boolean {
  const pairs = Math.floor(runIds.length / 2);
  return schedule.kind === "sequential" && pairsAreBlocks(pairs) && blocks.length <= pairs;
}

/** betweenRun is the part of an indicator's noise that the blocks of this evidence cannot show. */
export function betweenRun(indicator: Indicator, evidence: Evidence, scale: LearnedSd["scale"]): BetweenRun {
  if (blocksArePairs(evidence)) return { sd: 0, words: "noise between runs from the pairs themselves" };
  const apart = evidence.schedule.kind === "sequential";
  // Two pairs of runs have two chances each to meet good and bad luck.
  const pairs = apart ? Math.max(1, Math.floor(evidence.runIds.length / 2)) : 1;
  const learned = evidence.betweenRunSd?.[indicator.id];
  if (learned?.scale === scale) return { sd: learned.sd / Math.sqrt(pairs), words: "noise between runs learned from A/A runs" };
  // Arms of one run share its luck; what still comes between them only a calibration can tell.
  if (!apart) return { sd: 0, words: "not calibrated: noise of its own blocks alone" };
  const sd = scale === "log" ? assumed(indicator) : 0;
  return { sd: sd / Math.sqrt(pairs), words: "not calibrated: noise between runs assumed" };
}

function assumed({ kind, unit }: Indicator): number {
  if (kind === "latency") return assumedBetweenRunSd.latency;
  return unit === "ms" || kind === "resource" ? assumedBetweenRunSd.resource : assumedBetweenRunSd.quiet;
}
