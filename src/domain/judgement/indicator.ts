import type { Layer, Service } from "../service.ts";

export type IndicatorKind = "work" | "latency" | "error" | "throughput" | "resource" | "invariant";

export type Better = "lower" | "higher";

/**
 * Margin is the smallest change that matters: the larger of `relative` (share of the baseline, 0.02 = 2 %) and `absolute` (in the
 * unit of the indicator).
 */
export interface Margin {
  readonly relative: number;
  readonly absolute: number;
}

/**
 * Source says which measurements an indicator is computed from.
 *
 * - `quantile`: a quantile (0 to 1) of the values of a k6 metric, for one step or one scenario.
 * - `typical`: the geometric mean of the values of a k6 metric. It uses every value, so it shows a shift with fewer values than a
 *   median needs.
 * - `ratio`: a sum per transaction: probe readings (numerator) over the transactions of the scenario (denominator), over the number
 *   of requests where `per` is "request", or over the minutes of the block where `per` is "minute".
 * - `level`: the mean of the readings of a gauge: a backlog, or an age.
 * - `count`: rare events against an exposure (transactions that failed, or that Odoo ran again, among all transactions).
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

/**
 * Quantity is the stable word for what an indicator measures, whatever scenario or step it is measured for. Within a catalogue the
 * scenario, the step and the quantity identify an indicator.
 */
export type Quantity =
  | "statements"
  | "rows"
  | "buffer-accesses"
  | "wal-bytes"
  | "response-bytes"
  | "odoo-cpu"
  | "postgres-cpu"
  | "python-time"
  | "sql-time"
  | "latency-typical"
  | "latency-p50"
  | "latency-p95"
  | "latency-p99"
  | "freshness-typical"
  | "freshness-p95"
  | "failures"
  | "retries"
  | "completed"
  | BacklogQuantity;

/** BacklogQuantity is the word for one backlog: how many wait, how long the oldest waits, minutes until none waits. */
export type BacklogQuantity =
  | "orders-waiting"
  | "mails-waiting"
  | "jobs-waiting"
  | "pickings-waiting"
  | "till-orders-waiting"
  | "oldest-mail"
  | "oldest-job"
  | "cron-lateness"
  | "orders-drain"
  | "mails-drain"
  | "jobs-drain"
  | "pickings-drain";

/** Indicator is one measured quantity and the rule by which a change of it is judged. */
export interface Indicator {
  /** Stable name in kebab-case with dots, such as `order-import.statements-per-transaction`. Programs compare it and never split it. */
  readonly id: string;
  readonly quantity: Quantity;
  /** Label for people: the scenario or the step, then the quantity. */
  readonly label: string;
  /** Unit: `ms`, `statements`, `rows`, `bytes`, `blocks`, `errors`, `ratio`. */
  readonly unit: string;
  readonly better: Better;
  readonly service: Service;
  readonly layer: Layer;
  readonly kind: IndicatorKind;
  readonly margin: Margin;
  /** Gates decide the verdict; other indicators only inform. */
  readonly gate: boolean;
  /** Weight of a gate: its share of alpha relative to the weights of the other gates; 1 where absent. Fixed before any measurement. */
  readonly weight?: number;
  /** Fewest observations per arm; with fewer the indicator is not judged. */
  readonly minimumCount: number;
  readonly source: Source;
}

/** scenarioOf is the k6 scenario that an indicator measures; null for all scenarios together and for imported steps. */
export function scenarioOf({ source }: Pick<Indicator, "source">): string | null {
  return source.kind === "level" ? null : source.scenario;
}

/** stepOf is the step that an indicator measures, as k6 tags it; null for a whole transaction or arm. */
export function stepOf({ source }: Pick<Indicator, "source">): string | null {
  if (source.kind === "level") return null;
  return source.kind === "ratio" ? (source.labels["step"] ?? null) : source.step;
}
