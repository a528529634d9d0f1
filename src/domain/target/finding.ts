/** Finding is one fact that `doctor` reports about the target: whether it is as it should be, and what to do where it is not. */
export interface Finding {
  /** Stable word such as `postgres-baseline` or `redis`. */
  readonly name: string;
  readonly ok: boolean;
  /** A run refuses a target where a needed one is not ok; the others make a measurement poorer. */
  readonly needed: boolean;
  readonly text: string;
  /** Empty where there is nothing to do. */
  readonly remedy: string;
}
