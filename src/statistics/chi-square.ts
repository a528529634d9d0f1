import { logGamma } from "./beta.ts";
import { invertCdf } from "./invert-cdf.ts";

/** chiSquareCdf is P(X <= x) for chi-square with `df` degrees of freedom: the regularised lower incomplete gamma P(df/2, x/2). */
export function chiSquareCdf(x: number, df: number): number {
  if (x <= 0) return 0;
  const [a, half] = [df / 2, x / 2];
  const front = Math.exp(a * Math.log(half) - half - logGamma(a));
  // Each of the two converges fast on its own side of the mean (DLMF 8.7.1 and 8.9.2).
  return half < a + 1 ? (front * series(half, a)) / a : 1 - front * continuedFraction(half, a);
}

/** chiSquareQuantile inverts chiSquareCdf. */
export function chiSquareQuantile(probability: number, df: number): number {
  if (probability <= 0) return 0;
  if (probability >= 1) return Number.POSITIVE_INFINITY;
  let high = df + 1;
  while (chiSquareCdf(high, df) < probability) high *= 2;
  const logNorm = -logGamma(df / 2) - (df / 2) * Math.LN2;
  return invertCdf(probability, {
    cdf: (x) => chiSquareCdf(x, df),
    density: (x) => Math.exp(logNorm + (df / 2 - 1) * Math.log(x) - x / 2),
    low: 0,
    high,
    start: Math.min(df, high),
  });
}

function series(x: number, a: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; k < 10_000 && term > sum * 1e-17; k += 1) {
    term *= x / (a + k);
    sum += term;
  }
  return sum;
}

/** Lentz's method, as for the beta function. */
function continuedFraction(x: number, a: number): number {
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let result = d;
  for (let k = 1; k < 10_000; k += 1) {
    const numerator = -k * (k - a);
    b += 2;
    d = 1 / (numerator * d + b || tiny);
    c = b + numerator / c || tiny;
    result *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return result;
}
