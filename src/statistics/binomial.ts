import { betaCdf, betaQuantile } from "./beta.ts";

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
