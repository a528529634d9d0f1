/**
 * quantileOfSorted is the sample quantile of type R-7 (Hyndman and Fan 1996), the one that k6, NumPy and DuckDB's
 * `quantile_cont` use. `sorted` is ascending; an empty sample has no quantile (NaN).
 */
export function quantileOfSorted(sorted: ArrayLike<number>, probability: number): number {
  const n = sorted.length;
  if (n === 0) return Number.NaN;
  const position = Math.min(Math.max(probability, 0), 1) * (n - 1);
  const below = Math.floor(position);
  const lower = sorted[below] ?? Number.NaN;
  const upper = sorted[Math.min(below + 1, n - 1)] ?? Number.NaN;
  // Equal neighbours are returned as they are: interpolating would add rounding errors.
  return lower === upper ? lower : lower + (position - below) * (upper - lower);
}

/** quantile sorts a copy and takes the R-7 quantile. */
export function quantile(values: Iterable<number>, probability: number): number {
  return quantileOfSorted(Float64Array.from(values).sort(), probability);
}

/** median is the R-7 quantile at one half. */
export function median(values: Iterable<number>): number {
  return quantile(values, 0.5);
}
