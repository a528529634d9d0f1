/**
 * lagOneAutocorrelation is the correlation of a series with itself one step later (the usual estimate, which of independent
 * values is -1/n on average); zero where the series does not vary.
 */
export function lagOneAutocorrelation(values: readonly number[]): number {
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  let products = 0;
  let squares = 0;
  let before = 0;
  for (const value of values) {
    products += (value - mean) * before;
    squares += (value - mean) ** 2;
    before = value - mean;
  }
  return squares > 0 ? products / squares : 0;
}

/**
 * designEffect is the variance of the mean of n neighbouring values against that of independent ones, where values resemble their
 * neighbours with lag-one autocorrelation rho that dies out geometrically (AR(1)). Kish's word, from cluster samples.
 */
export function designEffect(rho: number, n: number): number {
  if (rho <= 0 || n <= 1) return 1;
  return (1 + rho) / (1 - rho) - (2 * rho * (1 - rho ** n)) / (n * (1 - rho) ** 2);
}

/**
 * impliedInflation is how much larger the variance of an estimate is than independent blocks would have it, implied by the design
 * effect inside the blocks.
 *
 * If values inside a block were independent, the block means would spread by a known amount. Where they spread more, neighbouring
 * values resemble each other, and so do the neighbouring edges of two blocks, and the sample variance of blocks is too small.
 * All three follow from one rho: the one that explains the design effect seen. One and less mean independence.
 */
export function impliedInflation(seen: {
  readonly designEffect: number;
  readonly valuesPerBlock: number;
  readonly blocks: number;
}): number {
  const { valuesPerBlock, blocks } = seen;
  if (seen.designEffect <= 1 || valuesPerBlock <= 1 || blocks < 2) return 1;
  const rho = rhoOf(seen.designEffect, valuesPerBlock);
  const all = designEffect(rho, valuesPerBlock * blocks) / blocks;
  const one = designEffect(rho, valuesPerBlock);
  // Blocks that resemble each other lie closer to their common mean than to the true one.
  const sampleVariance = ((one - all) * blocks) / (blocks - 1);
  return Math.max(1, (all * blocks) / sampleVariance);
}

/**
 * Beyond this the blocks hold almost no information. Noise that differs from block to block resembles it and is over-corrected.
 */
const highestRho = 0.85;

function rhoOf(wanted: number, n: number): number {
  let [low, high] = [0, highestRho];
  for (let step = 0; step < 30; step += 1) {
    const middle = (low + high) / 2;
    if (designEffect(middle, n) < wanted) low = middle;
    else high = middle;
  }
  return low;
}
