/**
 * normalCdf is the distribution function of N(0, 1): Marsaglia's series near the middle, the continued fraction of the Mills
 * ratio in the tails, so that small tails keep their relative precision.
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x > 0) return 1 - upperTail(x);
  return upperTail(-x);
}

/** normalQuantile inverts normalCdf by Acklam's rational approximation and one Halley step (full double precision). */
export function normalQuantile(probability: number): number {
  if (!(probability >= 0 && probability <= 1)) return Number.NaN;
  if (probability === 0) return Number.NEGATIVE_INFINITY;
  if (probability === 1) return Number.POSITIVE_INFINITY;
  // The lower half has full relative precision; 1 - p is exact for p >= 0.5.
  if (probability > 0.5) return -normalQuantile(1 - probability);
  const start = acklam(probability);
  const error = normalCdf(start) - probability;
  const step = error * Math.sqrt(2 * Math.PI) * Math.exp((start * start) / 2);
  return start - step / (1 + (start * step) / 2);
}

function upperTail(x: number): number {
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (x < 3) {
    let term = x;
    let sum = x;
    for (let k = 1; k < 200 && Math.abs(term) > sum * 1e-17; k += 1) {
      term *= (x * x) / (2 * k + 1);
      sum += term;
    }
    return 0.5 - density * sum;
  }
  let fraction = 0;
  for (let k = 120; k >= 1; k -= 1) fraction = k / (x + fraction);
  return density / (x + fraction);
}

function acklam(probability: number): number {
  if (probability < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(probability));
    return (
      (((((-7.784894002430293e-3 * q - 3.223964580411365e-1) * q - 2.400758277161838) * q - 2.549732539343734) * q +
        4.374664141464968) *
        q +
        2.938163982698783) /
      ((((7.784695709041462e-3 * q + 3.224671290700398e-1) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1)
    );
  }
  const q = probability - 0.5;
  const r = q * q;
  return (
    ((((((-3.969683028665376e1 * r + 2.209460984245205e2) * r - 2.759285104469687e2) * r + 1.38357751867269e2) * r -
      3.066479806614716e1) *
      r +
      2.506628277459239) *
      q) /
    (((((-5.447609879822406e1 * r + 1.615858368580409e2) * r - 1.556989798598866e2) * r + 6.680131188771972e1) * r -
      1.328068155288572e1) *
      r +
      1)
  );
}

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

/** logGamma is ln of the gamma function for x > 0 (Lanczos, g = 7, nine terms; relative error below 1e-14). */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * x))) - logGamma(1 - x);
  const z = x - 1;
  let sum = 0.99999999999980993;
  for (const [index, coefficient] of lanczos.entries()) sum += coefficient / (z + index + 1);
  const t = z + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** betaCdf is the regularised incomplete beta function I_x(a, b), a and b > 0, by Lentz's continued fraction. */
export function betaCdf(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast on this side of the mean; the other side is its mirror.
  if (x > (a + 1) / (a + b + 2)) return 1 - betaCdf(1 - x, b, a);
  const logFront = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x);
  return (Math.exp(logFront) * betaFraction(x, a, b)) / a;
}

/** betaQuantile inverts betaCdf: Newton's steps, kept inside a bracket that only ever shrinks. */
export function betaQuantile(probability: number, a: number, b: number): number {
  const logNorm = logGamma(a + b) - logGamma(a) - logGamma(b);
  return invertCdf(probability, {
    cdf: (x) => betaCdf(x, a, b),
    density: (x) => Math.exp(logNorm + (a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x)),
    low: 0,
    high: 1,
    start: a / (a + b),
  });
}

const lanczos = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012,
  9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const guard = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1));
  let result = d;
  // The number of terms grows with sqrt(max(a, b)); the limit serves a and b up to some millions.
  for (let m = 1; m <= 10_000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guard(1 + even * d);
    c = guard(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guard(1 + odd * d);
    c = guard(1 + odd / c);
    result *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return result;
}

/** Count is events among an exposure: failed transactions among all of them. Neither need be whole after thinning. */
export interface Count {
  readonly events: number;
  readonly exposure: number;
}

/** binomialUpperTail is P(X >= events) for X ~ Binomial(trials, share). */
export function binomialUpperTail(events: number, trials: number, share: number): number {
  if (events <= 0) return 1;
  if (events > trials) return 0;
  return betaCdf(share, events, trials - events + 1);
}

/**
 * conditionalTest is the exact conditional test of two counts (Przyborowski and Wilenski 1940): given their sum, the
 * candidate's events are binomial. It returns the one-sided p-value of "the candidate's rate is above `ratio` times the
 * baseline's", for rare events against exposures.
 */
export function conditionalTest(baseline: Count, candidate: Count, ratio = 1): number {
  const total = baseline.events + candidate.events;
  if (total <= 0 || baseline.exposure <= 0 || candidate.exposure <= 0) return 1;
  const share = (ratio * candidate.exposure) / (ratio * candidate.exposure + baseline.exposure);
  return binomialUpperTail(candidate.events, total, share);
}

/**
 * shareLimit is the exact one-sided limit of a share (Clopper and Pearson 1934): the true share is above `lower` (below
 * `upper`) with at least 1 - alpha confidence.
 */
export function shareLimit({ events, exposure }: Count, alpha: number, side: "lower" | "upper"): number {
  if (exposure <= 0) return side === "lower" ? 0 : 1;
  if (side === "lower") return events <= 0 ? 0 : betaQuantile(alpha, events, exposure - events + 1);
  return events >= exposure ? 1 : betaQuantile(1 - alpha, events + 1, exposure - events);
}

/**
 * invertCdf finds x with cdf(x) = probability between `low` and `high`.
 *
 * Newton's steps where they stay inside the bracket, halving where they would leave it: a few evaluations instead of fifty,
 * and as sure as bisection. Stops at the precision of a double or after a hundred steps.
 */
function invertCdf(
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
