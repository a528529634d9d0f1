import type { Indicator, IndicatorKind, Margin, Quantity } from "../../domain/judgement/indicator.ts";
import type { Layer } from "../../domain/service.ts";
import { failureMargin, fewest, margins, retryMargin, weights } from "./margins.ts";

interface PlatformCounter {
  readonly reading: string;
  /** True where a target may be unable to measure it; it gates only where it was measured. */
  readonly isOptional?: boolean;
  readonly indicator: CounterIndicator;
}

interface CounterIndicator {
  readonly id: string;
  readonly quantity: Quantity;
  readonly label: string;
  readonly unit: string;
  readonly layer: Layer;
  readonly kind: IndicatorKind;
  readonly margin: Margin;
  readonly gate: boolean;
  readonly weight?: number;
}

/**
 * counters are totals of a whole arm. They depend on the mix of transactions. They can be compared because iterations are assigned
 * to the arms in balanced blocks per scenario, so that both arms run the same mix. Their service is `platform`: a total of all
 * scenarios cannot be split among them.
 */
const counters: readonly PlatformCounter[] = [
  {
    // A noisy neighbour hardly changes CPU-ms, and CPU-ms include Python work without SQL statements.
    reading: "odoo_cpu_ms",
    indicator: {
      id: "platform.odoo-cpu-ms-per-transaction",
      quantity: "odoo-cpu",
      label: "all services: Odoo CPU time per transaction",
      unit: "ms",
      layer: "odoo",
      kind: "work",
      margin: margins.cpu,
      gate: true,
    },
  },
  {
    // Advisory: backend processes are matched to databases by sampling, which can miss short-lived processes.
    reading: "postgres_cpu_ms",
    indicator: {
      id: "platform.postgres-cpu-ms-per-transaction",
      quantity: "postgres-cpu",
      label: "all services: PostgreSQL CPU time per transaction",
      unit: "ms",
      layer: "postgres",
      kind: "work",
      margin: margins.postgresCpu,
      gate: false,
    },
  },
  {
    reading: "statements_total",
    indicator: {
      id: "platform.statements-per-transaction",
      quantity: "statements",
      label: "all services: SQL statements per transaction, cron and sessions included",
      unit: "statements",
      layer: "postgres",
      kind: "work",
      margin: margins.armStatements,
      gate: false,
    },
  },
  {
    reading: "rows_total",
    indicator: {
      id: "platform.rows-per-transaction",
      quantity: "rows",
      label: "all services: rows per transaction",
      unit: "rows",
      layer: "postgres",
      kind: "work",
      margin: margins.rows,
      gate: false,
    },
  },
  {
    reading: "blocks_total",
    isOptional: true,
    indicator: {
      id: "platform.blocks-per-transaction",
      quantity: "buffer-accesses",
      label: "all services: buffer accesses per transaction",
      unit: "blocks",
      layer: "postgres",
      kind: "work",
      margin: margins.blocks,
      // The same statements may access many times the blocks, which costs capacity long before it costs latency. Counted by
      // pg_stat_statements, which some servers lack.
      gate: true,
      weight: weights.countedWork,
    },
  },
  {
    reading: "wal_bytes_total",
    indicator: {
      id: "platform.wal-bytes-per-transaction",
      quantity: "wal-bytes",
      label: "all services: WAL bytes per transaction",
      unit: "bytes",
      layer: "postgres",
      kind: "work",
      margin: margins.wal,
      gate: false,
    },
  },
  {
    reading: "response_bytes",
    indicator: {
      id: "platform.response-bytes-per-transaction",
      quantity: "response-bytes",
      label: "all services: response bytes per transaction",
      unit: "bytes",
      layer: "ingress",
      kind: "work",
      margin: margins.responseBytes,
      gate: false,
    },
  },
];

/**
 * platformIndicators are failures, retries and work of the whole arm, over transactions of any kind. Advisory and optional indicators
 * exist only where their reading was taken.
 */
export function platformIndicators(readings: readonly string[], planned: number | null): Indicator[] {
  const work: Indicator[] = counters
    .filter(({ indicator, isOptional, reading }) => (indicator.gate && isOptional !== true) || readings.includes(reading))
    .map(({ reading, indicator }) => ({
      ...indicator,
      better: "lower",
      service: "platform",
      minimumCount: fewest.work,
      source: { kind: "ratio", reading, labels: {}, per: "transaction", scenario: null },
    }));
  const share = { unit: "ratio", better: "lower", service: "platform", kind: "error", gate: true } as const;
  const failures: Indicator = {
    ...share,
    id: "platform.failed-transactions",
    quantity: "failures",
    label: "all services: failed share",
    layer: "odoo",
    margin: failureMargin(planned),
    weight: weights.failures,
    minimumCount: fewest.failures,
    source: { kind: "count", event: "failed-transaction", scenario: null, step: null },
  };
  // A gate, because counted work leaves retried transactions out: a release with frequent retries must not pass because of that.
  const retries: Indicator = {
    ...share,
    id: "platform.serialization-retries",
    quantity: "retries",
    label: "all services: retried share",
    layer: "postgres",
    margin: retryMargin(planned),
    weight: weights.retries,
    minimumCount: fewest.failures,
    source: { kind: "count", event: "serialization-retry", scenario: null, step: null },
  };
  return [failures, retries, ...work];
}
