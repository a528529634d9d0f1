import { normalQuantile, studentQuantile, studentUpperTail } from "../statistics/distributions.ts";
import { batchVariance, blockSpread, pairSpread, type Spread } from "../statistics/spread.ts";
import type { Estimate } from "./estimate.ts";
import type { UncertainEffect } from "./uncertain-effect.ts";

export interface NoiseOptions {
  /** True where each block is a pair of whole runs: independent by their random order. */
  readonly blocksArePairs: boolean;
  /** Standard deviation from run to run that the blocks cannot show, on the scale of the effect; zero where none is known. */
  readonly betweenRunSd: number;
}

/**
 * blockEffect attaches Student's t to an estimate, its standard error taken from blocks.
 *
 * Between-run noise that one pair of runs cannot show enters as known variance, twice: once for each run. An interval is never
 * narrower than the resolution of what was counted, so that equal counters claim no more than they can see.
 */
export function blockEffect(estimate: Estimate, options: NoiseOptions): UncertainEffect {
  const { effect, contributions, resolution } = estimate;
  const spread = spreadOf(estimate, options);
  const between = Math.SQRT2 * options.betweenRunSd;
  const standardError = Math.hypot(spread.standardError, between);
  // Satterthwaite: the known part has no uncertainty of its own.
  const df =
    spread.standardError > 0 ? Math.min(1e6, spread.degreesOfFreedom * (standardError / spread.standardError) ** 4) : 1e6;
  // A judgement asks for the same few levels dozens of times, and inverting Student's t is dear.
  const factors = new Map<number, number>();
  const factor = (alpha: number): number => {
    const known = factors.get(alpha) ?? studentQuantile(1 - alpha, df);
    factors.set(alpha, known);
    return known;
  };
  const root = Math.sqrt(contributions.reduce((total, each) => total + each * each, 0));
  // Resampled sums spread by `root`; they must spread like t at the level of the equivalence interval.
  const stretch = (studentQuantile(0.95, df) / normalQuantile(0.95)) * (root > 0 ? spread.standardError / root : 0);
  return {
    scale: estimate.scale,
    values: { baseline: estimate.baseline, candidate: estimate.candidate },
    effect,
    standardError,
    method: describe(estimate.method, options, spread.inflation, df),
    warnings: spread.inflation > 4 ? ["neighbouring blocks resemble each other strongly: the interval was widened for it"] : [],
    factor,
    limit: (alpha, side, load = 1) => {
      // More load shows more blocks of the same runs; what differs between runs stays.
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
  return sharedNoiseRules(contributions, together) ? widerOf(byBlocks, byValues) : byValues;
}

/**
 * Noise that both arms share widens the values inside a block and cancels between the arms. Where it rules (sums spread more than
 * three times as much as differences), what is inside hides how alike neighbouring differences are, so it may not narrow anything.
 */
function sharedNoiseRules(contributions: readonly number[], together: readonly number[]): boolean {
  const [own, shared] = [contributions, together].map((each) => batchVariance(each, each.length));
  return (shared ?? 0) > 3 * (own ?? 0);
}

/**
 * Six blocks look like that by chance in one campaign of eight, just when their differences happen to lie close together, and
 * blocks alone then see no dependence: with rho .8 and blocks of 5 s false alarms were 2.4 % of a nominal 1 % before. So both are asked.
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
