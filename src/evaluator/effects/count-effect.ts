import { burstCounts, thin } from "../../statistics/bursts.ts";
import { betaQuantile, type Count, normalQuantile } from "../../statistics/distributions.ts";
import { type KnownShare, shareDifferenceLimit, shareDifferencePValue } from "../../statistics/shares.ts";
import type { ArmBlocks, CountEntry, UncertainEffect } from "./estimate.ts";

/**
 * countEffect compares two shares of rare events by exact limits; ratios of means are meaningless near zero.
 *
 * Zero against zero does not prove equality: with n transactions per arm the difference may be about 3/n, and the interval includes
 * it. Failures come in bursts: ten failures in one bad second count as about one event. Nevertheless a further failure in any block
 * never makes an arm look better (see `burstCounts`).
 */
export function countEffect(blocks: ArmBlocks<CountEntry>): UncertainEffect | null {
  const raw = { baseline: pool(blocks.baseline), candidate: pool(blocks.candidate) };
  if (raw.baseline.exposure <= 0 || raw.candidate.exposure <= 0) return null;
  const known = { baseline: burstCounts(blocks.baseline), candidate: burstCounts(blocks.candidate) };
  const { baseline, candidate } = known;
  const values = { baseline: share(raw.baseline), candidate: share(raw.candidate) };
  let draws: { baseline: (uniform: number) => number; candidate: (uniform: number) => number } | null = null;
  return {
    scale: "difference",
    values,
    effect: values.candidate - values.baseline,
    standardError: Math.sqrt(variance(baseline.whole) + variance(candidate.whole)),
    method:
      `difference of shares, exact limits (Clopper-Pearson, MOVER); ${raw.baseline.events} and ${raw.candidate.events} events, ` +
      `in bursts of ${baseline.burst.toFixed(2)} and ${candidate.burst.toFixed(2)}`,
    warnings: candidate.burst > 2 || baseline.burst > 2 ? ["failures came in bursts, which count as fewer events"] : [],
    factor: (alpha) => normalQuantile(1 - alpha),
    limit: (alpha, side, load = 1) => shareDifferenceLimit(after(baseline, load), after(candidate, load), alpha, side),
    pBeyond: (margin, side) =>
      side === "above" ? shareDifferencePValue(baseline, candidate, margin) : shareDifferencePValue(candidate, baseline, -margin),
    draw: ({ random }) => {
      draws ??= { baseline: drawShare(baseline.whole), candidate: drawShare(candidate.whole) };
      return draws.candidate(random()) - draws.baseline(random());
    },
  };
}

function pool(entries: readonly CountEntry[]): Count {
  return {
    events: entries.reduce((total, { events }) => total + events, 0),
    exposure: entries.reduce((total, { exposure }) => total + exposure, 0),
  };
}

/** after scales the counts to a multiple of the load, with the same shares and bursts. */
function after(known: KnownShare, load: number): KnownShare {
  return { least: known.least.map((count) => thin(count, 1 / load)), most: known.most.map((count) => thin(count, 1 / load)) };
}

function share({ events, exposure }: Count): number {
  return events / exposure;
}

/** variance of a share; Jeffreys' correction keeps it above zero where no event occurred. */
function variance({ events, exposure }: Count): number {
  const corrected = (events + 0.5) / (exposure + 1);
  return (corrected * (1 - corrected)) / exposure;
}

/** drawShare draws from Jeffreys' posterior of a share, by a table, because inverting the beta distribution is expensive. */
function drawShare({ events, exposure }: Count): (uniform: number) => number {
  const steps = 128;
  const table = Array.from({ length: steps }, (_, index) =>
    betaQuantile((index + 0.5) / steps, events + 0.5, exposure - events + 0.5),
  );
  return (uniform) => table[Math.min(steps - 1, Math.floor(uniform * steps))] ?? 0;
}
