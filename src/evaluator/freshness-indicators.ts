import type { Indicator } from "../domain/indicator.ts";
import { businessStepOf } from "./business-step.ts";
import { fewest, margins } from "./margins.ts";

/** FRESHNESS_METRIC is k6's metric of the time from the moment a sync was due until the shop's own figures showed it. */
export const FRESHNESS_METRIC = "peakproof_freshness";

/** freshnessIndicators tell how old a stock figure is when the shop shows it. They inform: the latency of the sync decides. */
export function freshnessIndicators(metrics: readonly string[]): Indicator[] {
  if (!metrics.includes(FRESHNESS_METRIC)) return [];
  const { service, label } = businessStepOf("stock-sync");
  const measured = { metric: FRESHNESS_METRIC, scenario: "stock-sync", step: null } as const;
  const common = {
    unit: "ms",
    better: "lower",
    service,
    layer: "odoo",
    kind: "latency",
    margin: margins.freshness,
    gate: false,
  } as const;
  return [
    {
      ...common,
      id: "stock-sync.freshness-typical",
      label: `${label}: typical age of a figure when the shop shows it`,
      minimumCount: fewest.typical,
      source: { kind: "typical", ...measured },
    },
    {
      ...common,
      id: "stock-sync.freshness-p95",
      label: `${label}: age of a figure when the shop shows it, p95`,
      minimumCount: fewest.p95,
      source: { kind: "quantile", ...measured, quantile: 0.95 },
    },
  ];
}
