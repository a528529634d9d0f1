import { lagOneAutocorrelation } from "./autocorrelation.ts";
import { impliedInflation } from "./design-effect.ts";
import type { Inside } from "./inside.ts";
import { pooledVariance } from "./pooled-variance.ts";

/** Spread is the standard error of a sum of block contributions, and how well it is known. */
export interface Spread {
  readonly standardError: number;
  readonly degreesOfFreedom: number;
  /** Variance against that of independent blocks, never below one. */
  readonly inflation: number;
}

/**
 * blockSpread estimates the standard error of an estimate from the contributions of its blocks (which add up to zero; each is
 * what the estimate would move if the block were typical).
 *
 * Neighbouring blocks resemble each other, and ignoring that gives 3 to 6 % false alarms at a nominal 1 %. Three looks at it, the
 * largest counts:
 * 1. the lag-one autocorrelation r, corrected for its downward bias of about (1 + 3 r)/B, inflates by (1 + r)/(1 - r);
 * 2. batch means: blocks merged into 6 to 30 longer ones see dependence at any lag;
 * 3. where `inside` is known, the blocks' variance against what independent values would give them (see impliedInflation).
 * A dozen blocks know r and batch means badly, so these two find dependence where there is none and cost a fifth of the power.
 * Inside the blocks are far more values: with `inside`, batch means are left out, and r counts only where it is beyond chance and
 * no further than the blocks' variance leaves room for it (see mostShared); the values lend degrees of freedom (pooledVariance).
 * Degrees of freedom shrink with the inflation. False alarms and power of both ways: test/statistics/block-spread.test.ts.
 */
export function blockSpread(
  contributions: readonly number[],
  options: { readonly informative?: number; readonly inside?: Inside | undefined } = {},
): Spread {
  const blocks = contributions.length;
  const independent = batchVariance(contributions, blocks);
  const informativeDf = Math.max(1, (options.informative ?? blocks) - 1);
  if (!(independent > 0)) return { standardError: 0, degreesOfFreedom: informativeDf, inflation: 1 };
  const { inside } = options;
  const raw = lagOneAutocorrelation(contributions);
  if (inside !== undefined && inside.variance > 0) {
    const chance = beyondChance / Math.sqrt(blocks);
    const designEffect = (independent / inside.variance) * (1 + upward * Math.sqrt(2 / informativeDf));
    const implied = impliedInflation({ designEffect, valuesPerBlock: inside.valuesPerBlock, blocks });
    const correlation = Math.min(correctForBias(raw, blocks), mostShared(designEffect));
    const inflation = Math.max(implied, raw + 1 / blocks > chance ? inflationBy(correlation) : 1);
    const pooled = pooledVariance({ variance: independent, degreesOfFreedom: informativeDf }, inside, informativeDf + 1);
    const degreesOfFreedom = Math.max(Math.min(2, informativeDf), pooled.degreesOfFreedom / Math.sqrt(inflation));
    return { standardError: Math.sqrt(pooled.variance * inflation), degreesOfFreedom, inflation };
  }
  const byCorrelation = inflationBy(correctForBias(raw, blocks));
  const byBatches = Math.max(
    1,
    ...batchCounts.filter((count) => count < blocks).map((count) => batchVariance(contributions, count) / independent),
  );
  const inflation = Math.max(byCorrelation, byBatches);
  return {
    standardError: Math.sqrt(independent * inflation),
    degreesOfFreedom: Math.max(
      Math.min(2, informativeDf),
      Math.min(informativeDf / Math.sqrt(byCorrelation), informativeDf / byBatches),
    ),
    inflation,
  };
}

const batchCounts = [6, 8, 12, 20, 30] as const;

/** Largest correlation that is corrected for; beyond it the blocks hold next to no information. */
const highestCorrelation = 0.9;

/** Without dependence one campaign in twenty shows an autocorrelation this many standard errors (1/sqrt(B)) above zero. */
const beyondChance = 1.645;

/** The design effect is taken one standard error too high: a few blocks know their variance badly. */
const upward = 1;

/** batchVariance is the variance of the sum when contributions are merged into `count` independent batches. */
export function batchVariance(contributions: readonly number[], count: number): number {
  if (count < 2) return 0;
  const sums = new Float64Array(count);
  for (const [index, value] of contributions.entries()) {
    const batch = Math.floor((index * count) / contributions.length);
    sums[batch] = (sums[batch] ?? 0) + value;
  }
  return (count / (count - 1)) * sums.reduce((total, sum) => total + sum * sum, 0);
}

function correctForBias(raw: number, blocks: number): number {
  return Math.min(highestCorrelation, Math.max(0, raw + (1 + 3 * Math.max(0, raw)) / blocks));
}

/**
 * mostShared is the highest correlation of neighbouring blocks: what they share lies in the variance between blocks beyond that of
 * independent values inside, a share of 1 - 1/designEffect. Below a design effect of one the values inside hold noise that
 * cancels between the arms, and nothing follows.
 */
function mostShared(designEffect: number): number {
  return designEffect > 1 ? 1 - 1 / designEffect : highestCorrelation;
}

function inflationBy(correlation: number): number {
  return (1 + correlation) / (1 - correlation);
}
