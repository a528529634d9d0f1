/** Interval is a confidence interval; `level` is the coverage it was built for, between 0 and 1. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
  readonly level: number;
}
