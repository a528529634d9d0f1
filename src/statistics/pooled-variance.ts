import type { Inside } from "./inside.ts";

/** Variance is an estimate of a variance and how well it is known. */
interface Variance {
  readonly variance: number;
  readonly degreesOfFreedom: number;
}

/** Blocks from which on the values inside may lend, and from which on they lend all that they may. */
const lending = { from: 12, whole: 24 } as const;

/** Half, so that blocks which look independent by chance still have their say. */
const mostLent = 0.5;

/** Standard errors from a design effect of one, to either side, at which nothing is lent any more. */
const chance = 2;

/**
 * pooledVariance lets the many values inside blocks lend degrees of freedom to the variance between blocks, where both say the
 * same: the nearer the design effect is to one, in standard errors of its own, the more. Otherwise the blocks stand alone.
 *
 * With 24 blocks of ten independent values a change of 3.35 true standard errors is found in 80 % at 1 %, in place of 3.45. At
 * autocorrelations from 0 to .8 false alarms were .5 to 1.1 % (4000 draws), .2 points more at most; fewer blocks gained nothing.
 */
export function pooledVariance(between: Variance, inside: Inside, blocks: number): Variance {
  const designEffect = between.variance / inside.variance;
  const away = Math.abs(designEffect - 1) / Math.sqrt(2 / between.degreesOfFreedom);
  const enough = Math.min(1, Math.max(0, (blocks - lending.from) / (lending.whole - lending.from)));
  const lent = mostLent * enough * Math.max(0, 1 - away / chance);
  const insideDf = 2 * blocks * (inside.valuesPerBlock - 1);
  if (lent === 0 || !(insideDf > 0)) return between;
  const [own, other] = [(1 - lent) * between.variance, lent * inside.variance];
  // Satterthwaite.
  return {
    variance: own + other,
    degreesOfFreedom: (own + other) ** 2 / (own ** 2 / between.degreesOfFreedom + other ** 2 / insideDf),
  };
}
