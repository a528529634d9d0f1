import { type Evidence, type LearnedSd, pairsAreBlocks } from "../../domain/judgement/evidence.ts";
import type { Indicator } from "../../domain/judgement/indicator.ts";
import { normalQuantile, studentQuantile, studentUpperTail } from "../../statistics/distributions.ts";
import { batchVariance, blockSpread, pairSpread, type Spread } from "../../statistics/spread.ts";
import type { Estimate, UncertainEffect } from "./estimate.ts";

/** NoiseOptions say which noise the blocks show. */
export interface NoiseOptions {
  /** True where each block is a pair of whole runs. Pairs are independent, because their order is random. */
  readonly blocksArePairs: boolean;
  /** Standard deviation between runs that the blocks do not show, on the scale of the effect; zero where none is known. */
  readonly betweenRunSd: number;
}

/**
 * blockEffect adds the noise to an estimate: Student's t with a standard error from blocks.
 *
 * Noise between runs, which one pair of runs does not show, is added as a known variance, once for each of the two runs. An interval
 * is never narrower than the resolution of the count, so that equal counters claim no more precision than they have.
 */
export function blockEffect(estimate: Estimate, options: NoiseOptions): UncertainEffect {
  const { effect, contributions, resolution } = estimate;
  const spread = spreadOf(estimate, options);
  const between = Math.SQRT2 * options.betweenRunSd;
  const standardError = Math.hypot(spread.standardError, between);
  // Satterthwaite: the known variance adds no uncertainty.
  const df =
    spread.standardError > 0 ? Math.min(1e6, spread.degreesOfFreedom * (standardError / spread.standardError) ** 4) : 1e6;
  // A judgement needs the same few levels dozens of times, and inverting Student's t is expensive.
  const factors = new Map<number, number>();
  const factor = (alpha: number): number => {
    const known = factors.get(alpha) ?? studentQuantile(1 - alpha, df);
    factors.set(alpha, known);
    return known;
  };
  const root = Math.sqrt(contributions.reduce((total, each) => total + each * each, 0));
  // `stretch` scales resampled sums, whose standard deviation is `root`, to the width of t at the level of the equivalence interval.
  const stretch = (studentQuantile(0.95, df) / normalQuantile(0.95)) * (root > 0 ? spread.standardError / root : 0);
  return {
    scale: estimate.scale,
    values: { baseline: estimate.baseline, candidate: estimate.candidate },
    effect,
    standardError,
    method: describe(estimate.method, options, spread.inflation, df),
    warnings: spread.inflation > 4 ? ["neighbouring blocks are strongly correlated: the interval was widened for it"] : [],
    factor,
    limit: (alpha, side, load = 1) => {
      // More load adds blocks of the same runs; the noise between runs does not decrease.
      const error = Math.hypot(spread.standardError / Math.sqrt(load), between);
      const half = (error > 0 ? factor(alpha) * error : 0) + resolution / load;
      return side === "lower" ? effect - half : effect + half;
    },
    pBeyond: (margin, side) => {
      const excess = (side === "above" ? effect - margin : margin - effect) - resolution;
      if (standardError > 0) return studentUpperTail(excess / standardError, df);
      return excess > 0 ? 0 : 1;
    },
    draw: (joint) => {
      let sum = 0;
      for (let place = 0; place < contributions.length; place += 1) {
        sum += contributions[joint.blockAt(place, contributions.length)] ?? 0;
      }
      return effect + stretch * sum + between * joint.betweenRuns;
    },
  };
}

function spreadOf(estimate: Estimate, options: NoiseOptions): Spread {
  const { contributions, together, informative } = estimate;
  if (options.blocksArePairs) return pairSpread(contributions, together);
  const { inside } = estimate;
  const byBlocks = blockSpread(contributions, { informative });
  if (inside === undefined || together === undefined) return byBlocks;
  const byValues = blockSpread(contributions, { informative, inside });
  return sharedNoiseDominates(contributions, together) ? widerOf(byBlocks, byValues) : byValues;
}

/**
 * sharedNoiseDominates says whether the variance of the sums of both arms exceeds three times that of their differences. Noise that
 * both arms share widens the values inside a block and cancels between the arms, so where it dominates, the values inside the blocks
 * hide the correlation of neighbouring differences and must not narrow the interval.
 */
function sharedNoiseDominates(contributions: readonly number[], together: readonly number[]): boolean {
  const [own, shared] = [contributions, together].map((each) => batchVariance(each, each.length));
  return (shared ?? 0) > 3 * (own ?? 0);
}

/**
 * widerOf takes the wider of both estimates of the spread. Six blocks show dominating shared noise by chance in one campaign of eight,
 * when their differences happen to be small, and blocks alone then show no autocorrelation: with rho .8 and blocks of 5 s false alarms
 * were 2.4 % of a nominal 1 % with blocks alone.
 */
function widerOf(one: Spread, other: Spread): Spread {
  return {
    standardError: Math.max(one.standardError, other.standardError),
    degreesOfFreedom: Math.min(one.degreesOfFreedom, other.degreesOfFreedom),
    inflation: Math.max(one.inflation, other.inflation),
  };
}

function describe(method: string, options: NoiseOptions, inflation: number, df: number): string {
  const units = options.blocksArePairs ? "pairs of runs" : "blocks";
  const run = options.betweenRunSd > 0 ? `; run-to-run sd ${options.betweenRunSd.toPrecision(2)}` : "";
  const shown = df >= 1e6 ? "normal" : `t, ${df.toFixed(1)} df`;
  return `${method}; ${shown} over ${units}, variance x ${inflation.toFixed(2)} for autocorrelation${run}`;
}

/**
 * assumedBetweenRunSd is the standard deviation of ln(value) between runs of the same release where no A/A runs measured it.
 *
 * Measured on a quiet two-core host, sequential runs of 80 s: ln(candidate/baseline) of latencies .036 to .083, of CPU-ms .034;
 * divided by sqrt 2 for one run: .03 to .06, and .024. SQL statements were equal to the second decimal. A noisy host is far worse
 * (.5 and more); the validity facts about the environment detect such a host, an assumption cannot.
 */
const assumedBetweenRunSd = { latency: 0.05, resource: 0.025, quiet: 0 } as const;

/** BetweenRun is the noise that the blocks of the evidence do not show, and where it is known from. */
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

/** betweenRun is the part of the noise of an indicator that the blocks of the evidence do not show. */
export function betweenRun(indicator: Indicator, evidence: Evidence, scale: LearnedSd["scale"]): BetweenRun {
  if (blocksArePairs(evidence)) return { sd: 0, words: "noise between runs from the pairs themselves" };
  const apart = evidence.schedule.kind === "sequential";
  // The mean of two pairs of runs has half the variance between runs.
  const pairs = apart ? Math.max(1, Math.floor(evidence.runIds.length / 2)) : 1;
  const learned = evidence.betweenRunSd?.[indicator.id];
  if (learned?.scale === scale) return { sd: learned.sd / Math.sqrt(pairs), words: "noise between runs learned from A/A runs" };
  // The arms of one run share its noise; only a calibration shows the noise that remains between them.
  if (!apart) return { sd: 0, words: "not calibrated: noise of the blocks only" };
  const sd = scale === "log" ? assumed(indicator) : 0;
  return { sd: sd / Math.sqrt(pairs), words: "not calibrated: noise between runs assumed" };
}

function assumed({ kind, unit }: Indicator): number {
  if (kind === "latency") return assumedBetweenRunSd.latency;
  return unit === "ms" || kind === "resource" ? assumedBetweenRunSd.resource : assumedBetweenRunSd.quiet;
}
