import type { Arm } from "./arm.ts";

/** Outcome classes of a step or transaction; only `ok` is success. */
export type Outcome = "ok" | "application" | "ingress" | "session" | "conflict" | "script";

/** Sample is one k6 sample that matters: a row of `samples.parquet`. */
export interface Sample {
  readonly timeMs: number;
  readonly arm: Arm | null;
  readonly scenario: string | null;
  /** Stable step name, such as `checkout/cart`; null for metrics of whole iterations. */
  readonly step: string | null;
  readonly metric: string;
  readonly value: number;
  readonly outcome: Outcome | null;
  readonly instance: string | null;
}
