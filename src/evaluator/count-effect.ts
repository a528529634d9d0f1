import { betaQuantile } from "../statistics/beta.ts";
import type { Count } from "../statistics/binomial.ts";
import { normalQuantile } from "../statistics/normal.ts";
import { shareDifferenceLimit, shareDifferencePValue } from "../statistics/share-difference.ts";
import type { ArmBlocks, CountEntry } from "./estimate.ts";
import type { UncertainEffect } from "./uncertain-effect.ts";

/**
 * countEffect compares two shares of rare events by exact limits: ratios of means have no sense near zero.
 *
 * Zero against zero is no proof of equality: with n transactions an arm the difference may still be about 3/n, and the interval
 * says so. Failures come in bursts, so each arm's count is thinned by its overdispersion between blocks (never below one): ten
 * failures in one bad second count as about one event.
 */
export function countEffect(blocks: ArmBlocks<CountEntry>): UncertainEffect | null {
  const raw = { baseline: pool(blocks.baseline), candidate: pool(blocks.candidate) };
  if (raw.baseline.exposure <= 0 || raw.candidate.exposure <= 0) return null;
  const burst = { baseline: overdispersion(blocks.baseline), candidate: overdispersion(blocks.candidate) };
  const baseline = thin(raw.baseline, burst.baseline);
  const candidate = thin(raw.candidate, burst.candidate);
  const values = { baseline: share(raw.baseline), candidate: share(raw.candidate) };
  const mirrored = (margin: number) => shareDifferencePValue(candidate, baseline, -margin);
  let draws: { baseline: (uniform: number) => number; candidate: (uniform: number) => number } | null = null;
  return {
    scale: "difference",
    values,
    effect: values.candidate - values.baseline,
    standardError: Math.sqrt(variance(baseline) + variance(candidate)),
    method:
      `difference of shares, exact limits (Clopper-Pearson, MOVER); ${raw.baseline.events} and ${raw.candidate.events} events, ` +
      `thinned by ${burst.baseline.toFixed(2)} and ${burst.candidate.toFixed(2)} for bursts`,
    warnings: burst.candidate > 2 || burst.baseline > 2 ? ["failures came in bursts, which count as fewer events"] : [],
    factor: (alpha) => normalQuantile(1 - alpha),
    limit: (alpha, side, load = 1) => shareDifferenceLimit(thin(baseline, 1 / load), thin(candidate, 1 / load), alpha, side),
    pBeyond: (margin, side) => (side === "above" ? shareDifferencePValue(baseline, candidate, margin) : mirrored(margin)),
    draw: ({ random }) => {
      draws ??= { baseline: drawShare(baseline), candidate: drawShare(candidate) };
      return draws.candidate(random()) - draws.baseline(random());
    },
  };
}

function pool(entries: readonly CountEntry[]): Count {
  let events = 0;
  let exposure = 0;
  for (const entry of entries) {
    events += entry.events;
    exposure += entry.exposure;
  }
  return { events, exposure };
}

function share(count: Count): number {
  return count.events / count.exposure;
}

/** thin keeps the share and reduces how much is known about it. */
function thin(count: Count, factor: number): Count {
  return { events: count.events / factor, exposure: count.exposure / factor };
}

/** Jeffreys' correction keeps the variance of a share above zero where no event was seen. */
function variance({ events, exposure }: Count): number {
  const corrected = (events + 0.5) / (exposure + 1);
  return (corrected * (1 - corrected)) / exposure;
}

/** overdispersion is the variance of the blocks' events over that of independent events. */
function overdispersion(entries: readonly CountEntry[]): number {
  const whole = pool(entries);
  const informative = entries.filter(({ exposure }) => exposure > 0);
  const rate = share(whole);
  const expected = whole.exposure * rate * (1 - rate);
  if (!(expected > 0) || informative.length < 2) return 1;
  const squares = informative.reduce((total, { events, exposure }) => total + (events - rate * exposure) ** 2, 0);
  return Math.max(1, ((informative.length / (informative.length - 1)) * squares) / expected);
}

/** drawShare draws from what the count says about its share (Jeffreys' posterior), from a table: inverting beta is dear. */
function drawShare({ events, exposure }: Count): (uniform: number) => number {
  const steps = 128;
  const table = Array.from({ length: steps }, (_, index) =>
    betaQuantile((index + 0.5) / steps, events + 0.5, exposure - events + 0.5),
  );
  return (uniform) => table[Math.min(steps - 1, Math.floor(uniform * steps))] ?? 0;
}
