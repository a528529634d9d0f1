import { type Count, shareLimit } from "./distributions.ts";

/**
 * KnownShare is what is known of a share: counts that bound it from below, the best of them counts, and counts that bound it from
 * above, the worst of them counts. One exact count is both.
 */
export interface KnownShare {
  readonly least: readonly Count[];
  readonly most: readonly Count[];
}

/**
 * shareDifferenceLimit is a one-sided limit of candidate share minus baseline share: exact limits of both shares, combined by
 * the method of variance estimates recovery (Newcombe 1998; Zou and Donner 2008). Exact limits keep it honest for zero events
 * and for the small alphas that several gates need, where the normal approximation is too bold.
 */
export function shareDifferenceLimit(
  baseline: KnownShare,
  candidate: KnownShare,
  alpha: number,
  side: "lower" | "upper",
): number {
  return side === "lower" ? lowerLimit(baseline, candidate, alpha) : -lowerLimit(candidate, baseline, alpha);
}

function lowerLimit(subtracted: KnownShare, from: KnownShare, alpha: number): number {
  const above = subtracted.most.map((count) => ({ share: shareOf(count), reach: reachOf(count, alpha, "upper") }));
  const below = from.least.map((count) => ({ share: shareOf(count), reach: reachOf(count, alpha, "lower") }));
  return Math.max(
    ...below.map((own) => Math.min(...above.map(({ share, reach }) => own.share - share - Math.hypot(own.reach, reach)))),
  );
}

function shareOf({ events, exposure }: Count): number {
  return exposure > 0 ? events / exposure : 0;
}

function reachOf(count: Count, alpha: number, side: "lower" | "upper"): number {
  return Math.abs(shareLimit(count, alpha, side) - shareOf(count));
}

/** shareDifferencePValue is the smallest alpha at which the lower limit of the difference lies above `margin`. */
export function shareDifferencePValue(baseline: KnownShare, candidate: KnownShare, margin: number): number {
  // Reaches only lower the limit, so without a difference beyond the margin there is no crossing.
  const most = Math.max(...candidate.least.map(shareOf)) - Math.max(...baseline.most.map(shareOf));
  if (!(most > margin)) return 1;
  // The limit falls with alpha. The crossing is searched on a logarithmic scale, because p-values may be small.
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
