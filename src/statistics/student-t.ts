import { betaCdf, logGamma } from "./beta.ts";
import { invertCdf } from "./invert-cdf.ts";
import { normalQuantile } from "./normal.ts";

/** studentUpperTail is P(T > t) for Student's t with `df` degrees of freedom (any positive real number). */
export function studentUpperTail(t: number, df: number): number {
  if (t === Number.POSITIVE_INFINITY) return 0;
  if (t === Number.NEGATIVE_INFINITY) return 1;
  const tail = 0.5 * betaCdf(df / (df + t * t), df / 2, 0.5);
  return t >= 0 ? tail : 1 - tail;
}

/** studentCdf is P(T <= t). */
export function studentCdf(t: number, df: number): number {
  return studentUpperTail(-t, df);
}

/** studentQuantile inverts studentCdf. It works on the upper tail, which keeps its precision where the cdf is near one. */
export function studentQuantile(probability: number, df: number): number {
  if (probability === 0.5) return 0;
  if (probability < 0.5) return -studentQuantile(1 - probability, df);
  if (probability >= 1) return Number.POSITIVE_INFINITY;
  const tail = 1 - probability;
  let high = Math.max(1, normalQuantile(probability));
  while (studentUpperTail(high, df) > tail && high < 1e12) high *= 2;
  const logNorm = logGamma((df + 1) / 2) - logGamma(df / 2) - 0.5 * Math.log(df * Math.PI);
  return invertCdf(-tail, {
    cdf: (t) => -studentUpperTail(t, df),
    density: (t) => Math.exp(logNorm - ((df + 1) / 2) * Math.log1p((t * t) / df)),
    low: 0,
    high,
    start: Math.min(high, Math.max(0.1, normalQuantile(probability))),
  });
}
