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
