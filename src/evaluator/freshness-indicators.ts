import type { Indicator } from "../domain/judgement/indicator.ts";
import { businessStepOf } from "./business-step.ts";
import { fewest, margins } from "./margins.ts";

/**
 * FRESHNESS_METRIC is k6's metric of how late the business learns what happened: from the moment a sync was due until the shop's
 * own figures showed it, or until Odoo had the orders of a till.
 */
export const FRESHNESS_METRIC = "peakproof_freshness";

/** What grows old, by scenario. */
const AGES: Readonly<Record<string, string>> = {
  "stock-sync": "age of a figure when the shop shows it",
  "store-orders": "age of a till's orders when Odoo has them",
};

/** freshnessIndicators tell how old news is when it arrives. They inform: the latency of the scenario decides. */
export function freshnessIndicators({
  scenarios,
  metrics = [],
}: {
  readonly scenarios: readonly string[];
  readonly metrics?: readonly string[];
}): Indicator[] {
  if (!metrics.includes(FRESHNESS_METRIC)) return [];
  return scenarios.flatMap((scenario) => {
    const age = AGES[scenario];
    return age === undefined ? [] : ageIndicators(scenario, age);
  });
}

function ageIndicators(scenario: string, age: string): Indicator[] {
  const { service, label } = businessStepOf(scenario);
  const measured = { metric: FRESHNESS_METRIC, scenario, step: null } as const;
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
      id: `${scenario}.freshness-typical`,
      label: `${label}: typical ${age}`,
      minimumCount: fewest.typical,
      source: { kind: "typical", ...measured },
    },
    {
      ...common,
      id: `${scenario}.freshness-p95`,
      label: `${label}: ${age}, p95`,
      minimumCount: fewest.p95,
      source: { kind: "quantile", ...measured, quantile: 0.95 },
    },
  ];
}
