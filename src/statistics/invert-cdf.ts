/**
 * invertCdf finds x with cdf(x) = probability between `low` and `high`.
 *
 * Newton's steps where they stay inside the bracket, halving where they would leave it: a few evaluations instead of fifty,
 * and as sure as bisection. Stops at the precision of a double or after a hundred steps.
 */
export function invertCdf(
  probability: number,
  options: { cdf: (x: number) => number; density: (x: number) => number; low: number; high: number; start: number },
): number {
  let { low, high, start: x } = options;
  for (let step = 0; step < 100; step += 1) {
    const error = options.cdf(x) - probability;
    if (error === 0) return x;
    if (error > 0) high = x;
    else low = x;
    const newton = x - error / options.density(x);
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - x) <= 2e-16 * Math.abs(x) || high - low <= 2e-16 * Math.abs(high)) return next;
    x = next;
  }
  return x;
}
