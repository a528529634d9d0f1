import { shareLimit, type Count } from "./binomial.ts";

/**
 * shareDifferenceLimit is a one-sided limit of candidate share minus baseline share: exact limits of both shares, combined by
 * the method of variance estimates recovery (Newcombe 1998; Zou and Donner 2008). Exact limits keep it honest for zero events
 * and for the small alphas that several gates need, where the normal approximation is too bold.
 */
export function shareDifferenceLimit(baseline: Count, candidate: Count, alpha: number, side: "lower" | "upper"): number {
  const shareOf = (count: Count) => (count.exposure > 0 ? count.events / count.exposure : 0);
  const [b, c] = [shareOf(baseline), shareOf(candidate)];
  if (side === "lower") {
    return c - b - Math.hypot(c - shareLimit(candidate, alpha, "lower"), shareLimit(baseline, alpha, "upper") - b);
  }
  return c - b + Math.hypot(shareLimit(candidate, alpha, "upper") - c, b - shareLimit(baseline, alpha, "lower"));
}

/** shareDifferencePValue is the smallest alpha at which the lower limit of the difference lies above `margin`. */
export function shareDifferencePValue(baseline: Count, candidate: Count, margin: number): number {
  const difference = candidate.events / candidate.exposure - baseline.events / baseline.exposure;
  if (!(difference > margin)) return 1;
  // The limit falls as alpha does; look for the crossing on the logarithmic scale, where small p-values live.
  let low = Math.log(1e-15);
  let high = Math.log(0.5);
  if (shareDifferenceLimit(baseline, candidate, Math.exp(high), "lower") <= margin) return 1;
  if (shareDifferenceLimit(baseline, candidate, Math.exp(low), "lower") > margin) return Math.exp(low);
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2;
    if (shareDifferenceLimit(baseline, candidate, Math.exp(middle), "lower") > margin) high = middle;
    else low = middle;
  }
  return Math.exp(high);
}
