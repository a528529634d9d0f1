import { normalQuantile } from "../../src/statistics/distributions.ts";

/** wilsonInterval is the score interval of a share (Wilson 1927). No trials leave the whole range open. */
export function wilsonInterval(events: number, trials: number, level: number): Interval {
  if (trials <= 0) return { lower: 0, upper: 1, level };
  const z = normalQuantile((1 + level) / 2);
  const share = events / trials;
  const centre = share + (z * z) / (2 * trials);
  const half = z * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials));
  const scale = 1 + (z * z) / trials;
  return {
    lower: events <= 0 ? 0 : (centre - half) / scale,
    upper: events >= trials ? 1 : (centre + half) / scale,
    level,
  };
}

/** Interval is a confidence interval; `level` is the coverage it was built for, between 0 and 1. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
  readonly level: number;
}
