/** Finding is one fact that `doctor` reports about the target: whether it is as needed, and what to do where it is not. */
export interface Finding {
  /** Stable word such as `postgres-baseline` or `redis`. */
  readonly name: string;
  readonly ok: boolean;
  readonly text: string;
  /** Empty where there is nothing to do. */
  readonly remedy: string;
}
