/** Inside is what the values inside the blocks say about the noise of a sum of contributions. */
export interface Inside {
  /** Variance that the sum would have if every value were independent of its neighbours. */
  readonly variance: number;
  readonly valuesPerBlock: number;
}
