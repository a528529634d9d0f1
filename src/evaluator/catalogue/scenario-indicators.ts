import type { Indicator } from "../../domain/judgement/indicator.ts";
import { describeScenario, type ScenarioDescription } from "../../domain/load/scenario-unit.ts";
import { findDeclaration } from "../../domain/load/scenarios.ts";
import { enough, failureMargin, fewest, margins, weights } from "./margins.ts";

/**
 * scenarioIndicators are the indicators of one business transaction: its cost, its latency, its failed share, its throughput.
 *
 * `planned` is the planned number of transactions per arm (null where unknown): a latency gates only where the planned number can
 * decide it.
 */
export function scenarioIndicators(business: ScenarioDescription, planned: number | null): Indicator[] {
  return [statements(business), ...latencies(business, planned), failures(business, planned), completed(business)];
}

function statements({ scenario, service, label, unit }: ScenarioDescription): Indicator {
  return {
    id: `${scenario}.statements-per-transaction`,
    quantity: "statements",
    label: `${label}: SQL statements per ${unit}`,
    unit: "statements",
    better: "lower",
    service,
    layer: "odoo",
    kind: "work",
    margin: findDeclaration(scenario)?.statementMargin ?? margins.statements,
    gate: true,
    weight: weights.countedWork,
    minimumCount: fewest.work,
    source: { kind: "ratio", reading: "request_statements", labels: { scenario }, per: "transaction", scenario },
  };
}

/** Latencies of successful transactions only, from the intended start: fast failures would otherwise improve the tail. */
function latencies({ scenario, service, label }: ScenarioDescription, planned: number | null): Indicator[] {
  const common = { unit: "ms", better: "lower", service, layer: "odoo", kind: "latency" } as const;
  const measured = { metric: "peakproof_transaction", scenario, step: null } as const;
  const latency = (percent: 50 | 95 | 99): Omit<Indicator, "margin" | "gate" | "minimumCount"> => ({
    ...common,
    id: `${scenario}.latency-p${percent}`,
    quantity: `latency-p${percent}`,
    label: `${label}: latency p${percent}`,
    source: { kind: "quantile", ...measured, quantile: percent / 100 },
  });
  const gate = (needed: number) => planned === null || planned >= needed;
  return [
    {
      ...common,
      id: `${scenario}.latency-typical`,
      quantity: "latency-typical",
      label: `${label}: typical latency`,
      margin: margins.latencyTypical,
      gate: gate(enough.typical),
      minimumCount: fewest.typical,
      source: { kind: "typical", ...measured },
    },
    // A shift of the median also shifts the geometric mean, which needs fewer values to show it: a second gate would cost power.
    { ...latency(50), margin: margins.latencyP50, gate: false, minimumCount: fewest.p50 },
    { ...latency(95), margin: margins.latencyP95, gate: gate(enough.p95), weight: weights.tail, minimumCount: fewest.p95 },
    { ...latency(99), margin: margins.latencyP99, gate: false, weight: weights.tail, minimumCount: fewest.p99 },
  ];
}

function failures({ scenario, service, label }: ScenarioDescription, planned: number | null): Indicator {
  return {
    id: `${scenario}.failed-transactions`,
    quantity: "failures",
    label: `${label}: failed share`,
    unit: "ratio",
    better: "lower",
    service,
    layer: "odoo",
    kind: "error",
    margin: failureMargin(planned),
    gate: true,
    weight: weights.failures,
    minimumCount: fewest.failures,
    source: { kind: "count", event: "failed-transaction", scenario, step: null },
  };
}

function completed({ scenario, service, label, unit }: ScenarioDescription): Indicator {
  return {
    id: `${scenario}.completed-per-minute`,
    quantity: "completed",
    label: `${label}: completed per minute`,
    unit: `${unit}s/min`,
    better: "higher",
    service,
    layer: "odoo",
    kind: "throughput",
    margin: margins.throughput,
    gate: false,
    minimumCount: fewest.work,
    source: { kind: "ratio", reading: "completed_transactions", labels: { scenario }, per: "minute", scenario },
  };
}

/**
 * FRESHNESS_METRIC is the k6 metric of the delay of business data: from the due time of a sync until the shop shows the new figures,
 * or until Odoo has the orders of a till.
 */
export const FRESHNESS_METRIC = "peakproof_freshness";

/** freshnessIndicators are the indicators of data age. They inform and never gate: the latency of the scenario gates. */
export function freshnessIndicators({
  scenarios,
  metrics = [],
}: {
  readonly scenarios: readonly string[];
  readonly metrics?: readonly string[];
}): Indicator[] {
  if (!metrics.includes(FRESHNESS_METRIC)) return [];
  return scenarios.flatMap((scenario) => {
    const age = findDeclaration(scenario)?.freshness;
    return age === undefined ? [] : ageIndicators(scenario, age);
  });
}

function ageIndicators(scenario: string, age: string): Indicator[] {
  const { service, label } = describeScenario(scenario);
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
      quantity: "freshness-typical",
      label: `${label}: typical ${age}`,
      minimumCount: fewest.typical,
      source: { kind: "typical", ...measured },
    },
    {
      ...common,
      id: `${scenario}.freshness-p95`,
      quantity: "freshness-p95",
      label: `${label}: ${age}, p95`,
      minimumCount: fewest.p95,
      source: { kind: "quantile", ...measured, quantile: 0.95 },
    },
  ];
}
