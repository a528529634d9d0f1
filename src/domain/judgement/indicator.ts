import type { Layer, Service } from "../service.ts";

export type IndicatorKind = "work" | "latency" | "error" | "throughput" | "resource" | "invariant";

export type Better = "lower" | "higher";

/**
 * Margin is the change that matters: the larger of `relative` (ratio of the baseline, 0.02 = 2 %) and `absolute` (in the
 * indicator's own unit) counts.
 */
export interface Margin {
  readonly relative: number;
  readonly absolute: number;
}

/**
 * Source says which measurements make the indicator.
 *
 * - `quantile`: a quantile (0 to 1) of a k6 metric's values, for one step or one scenario.
 * - `typical`: the geometric mean of a k6 metric's values; it uses every value, so it knows a shift from fewer of them than a median.
 * - `ratio`: a sum per transaction, from probe readings (numerator) over the scenario's transactions (denominator), or over
 *   the readings themselves where `per` is "request", or over the minutes of the block where it is "minute".
 * - `level`: the mean of what a probe's gauge showed, look by look: a backlog, or an age.
 * - `count`: rare events against an exposure (transactions that failed, or that Odoo ran again, among all of them).
 */
export type Source =
  | {
      readonly kind: "quantile";
      readonly metric: string;
      readonly scenario: string | null;
      readonly step: string | null;
      readonly quantile: number;
    }
  | {
      readonly kind: "typical";
      readonly metric: string;
      readonly scenario: string | null;
      readonly step: string | null;
    }
  | {
      readonly kind: "ratio";
      readonly reading: string;
      readonly labels: Readonly<Record<string, string>>;
      readonly per: "transaction" | "request" | "minute";
      readonly scenario: string | null;
    }
  | {
      readonly kind: "level";
      readonly reading: string;
    }
  | {
      readonly kind: "count";
      readonly event: "failed-transaction" | "failed-step" | "serialization-retry";
      readonly scenario: string | null;
      readonly step: string | null;
    };

/** Indicator is one measured quantity and the rule by which a change of it is judged. */
export interface Indicator {
  /** Stable name in kebab-case with dots, such as `order-import.statements-per-transaction`. */
  readonly id: string;
  /** Label for people: business step first, then the quantity. */
  readonly label: string;
  /** Unit: `ms`, `statements`, `rows`, `bytes`, `blocks`, `errors`, `ratio`. */
  readonly unit: string;
  readonly better: Better;
  readonly service: Service;
  readonly layer: Layer;
  readonly kind: IndicatorKind;
  readonly margin: Margin;
  /** Gate indicators decide the verdict; the others only inform. */
  readonly gate: boolean;
  /** Of a gate: its part of alpha, against the weights of the other gates; one where nothing is said. Fixed before any measurement. */
  readonly weight?: number;
  /** Fewest observations per arm below which no judgement is made. */
  readonly minimumCount: number;
  readonly source: Source;
}
