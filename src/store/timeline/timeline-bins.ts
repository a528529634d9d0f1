import type { Span } from "../evidence/cut-blocks.ts";

/** About as many points as a chart is wide enough to tell apart. */
const MOST_BINS = 120;
/** Probes read every 1 to 5 s: narrower bins would be empty every other time. */
const SHORTEST_BIN_MS = 5000;

/** cutBins cuts the whole time axis, warm-up included, into bins for drawing. */
export function cutBins(durationMs: number): Span[] {
  const widthMs = Math.max(SHORTEST_BIN_MS, Math.ceil(durationMs / MOST_BINS / 1000) * 1000);
  const count = Math.max(1, Math.ceil(durationMs / widthMs));
  return Array.from({ length: count }, (_, index) => ({
    fromMs: index * widthMs,
    toMs: Math.min(durationMs, (index + 1) * widthMs),
  })).filter(({ fromMs, toMs }) => toMs > fromMs);
}

/** pointsOf gives every bin its value, at_ms the middle of the bin; null where nothing is known. */
export function pointsOf(bins: readonly Span[], values: ReadonlyMap<number, number>): [number, number | null][] {
  return bins.map(({ fromMs, toMs }, index) => [(fromMs + toMs) / 2, rounded(values.get(index) ?? null)]);
}

/** Six digits are more than a chart shows, and keep reports small. */
function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(6));
}
