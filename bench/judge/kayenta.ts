import { normalQuantile } from "../../src/statistics/distributions.ts";

/**
 * Kayenta's default rule (NetflixACAJudge-v1.0), written from its formulae: the Mann-Whitney interval of the shift at 98 %
 * confidence against a quarter of the estimated shift, direction "increase", no effect-size limits.
 */
export function kayentaSaysHigh(baseline: readonly number[], candidate: readonly number[]): boolean {
  const test = rankTest(baseline, candidate);
  const critical = -normalQuantile((1 - 0.98) / 2);
  const low = test.low - test.high;
  const lower = test.statistic(low) <= critical ? low : root((shift) => test.statistic(shift) - critical, low, -low);
  const estimate = root((shift) => test.statistic(shift), low, -low);
  return lower > 0.25 * Math.abs(estimate);
}

/** kayentaStatistic is the rank statistic at shift zero: the score by which the calibrated form of the rule decides. */
export function kayentaStatistic(baseline: readonly number[], candidate: readonly number[]): number {
  return rankTest(baseline, candidate).statistic(0);
}

function rankTest(baseline: readonly number[], candidate: readonly number[]) {
  const x = Float64Array.from(candidate).sort();
  const y = Float64Array.from(baseline).sort();
  const low = Math.min(x[0] ?? 0, y[0] ?? 0);
  const high = Math.max(x[x.length - 1] ?? 0, y[y.length - 1] ?? 0);
  return { low, high, statistic: (shift: number) => statisticAt(x, y, shift) };
}

/** Both samples are sorted, and a shift keeps x sorted: one merge ranks them, ties sharing their mean rank. */
function statisticAt(x: Float64Array, y: Float64Array, shift: number): number {
  const [m, n] = [x.length, y.length];
  const total = m + n;
  let [i, j] = [0, 0];
  let rankSum = 0;
  let ties = 0;
  while (i < m || j < n) {
    const value = Math.min(i < m ? (x[i] ?? 0) - shift : Infinity, j < n ? (y[j] ?? 0) : Infinity);
    const [fromX, fromY] = [i, j];
    while (i < m && (x[i] ?? 0) - shift === value) i += 1;
    while (j < n && y[j] === value) j += 1;
    const group = i - fromX + (j - fromY);
    rankSum += (i - fromX) * (fromX + fromY + (group + 1) / 2);
    ties += group ** 3 - group;
  }
  const excess = rankSum - (m * (m + 1)) / 2 - (m * n) / 2;
  const deviation = Math.sqrt(((m * n) / 12) * (total + 1 - ties / (total * (total - 1))));
  return (excess - 0.5 * Math.sign(excess)) / deviation;
}

/** root halves the bracket down to Kayenta's absolute tolerance of 1e-4. The statistic falls as the shift grows. */
function root(f: (shift: number) => number, low: number, high: number): number {
  let [left, right] = [low, high];
  for (let step = 0; step < 100 && right - left > 1e-4; step += 1) {
    const middle = (left + right) / 2;
    if (f(middle) > 0) left = middle;
    else right = middle;
  }
  return (left + right) / 2;
}
