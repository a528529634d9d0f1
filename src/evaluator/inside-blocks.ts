import type { Inside } from "../statistics/spread.ts";

/** InsideArm is how the values of one arm lie inside its blocks. */
export interface InsideArm {
  /** Values in each block, and the sum of squares around the block's own mean. */
  readonly sizes: readonly number[];
  readonly squares: readonly number[];
  /** Factor from the unit of the values to that of the effect. */
  readonly scale: number;
}

/** Fewest degrees of freedom inside the blocks of each arm that know a variance well enough to compare the blocks with. */
const fewest = 12;

/**
 * insideBlocks is the noise that the effect would have if the values inside the blocks were independent of each other: the pooled
 * variance inside the blocks over the number of values, added up over the arms. Undefined where blocks hold too few values.
 */
export function insideBlocks(baseline: InsideArm, candidate: InsideArm): Inside | undefined {
  const arms = [baseline, candidate].map(({ sizes, squares, scale }) => {
    const filled = sizes.filter((size) => size > 0);
    const n = filled.reduce((total, size) => total + size, 0);
    const free = n - filled.length;
    const sum = squares.reduce((total, each, index) => total + ((sizes[index] ?? 0) > 0 ? each : 0), 0);
    return {
      free,
      variance: (scale * scale * sum) / Math.max(1, free) / Math.max(1, n),
      perBlock: n / Math.max(1, filled.length),
    };
  });
  if (arms.some(({ free }) => free < fewest)) return undefined;
  return {
    variance: arms.reduce((total, { variance }) => total + variance, 0),
    valuesPerBlock: arms.reduce((total, { perBlock }) => total + perBlock / arms.length, 0),
  };
}
