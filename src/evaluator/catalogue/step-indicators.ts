import type { Indicator } from "../../domain/judgement/indicator.ts";
import { describeScenario, scenarioOfStep } from "../../domain/load/scenario-unit.ts";
import { fewest, margins } from "./margins.ts";

/** stepIndicators locate a change inside a transaction. They inform and never gate: the indicators of the transaction gate. */
export function stepIndicators(step: string, readings: readonly string[]): Indicator[] {
  const scenario = scenarioOfStep(step);
  if (scenario === null) return [];
  const { service } = describeScenario(scenario);
  const id = step.replaceAll("/", ".");
  const quantile = (q: number) => ({ kind: "quantile", metric: "peakproof_step", scenario, step, quantile: q }) as const;
  const perRequest = (reading: string) => ({ kind: "ratio", reading, labels: { step }, per: "request", scenario }) as const;
  const common = { service, layer: "odoo", better: "lower", gate: false } as const;
  const latency = { ...common, kind: "latency", unit: "ms" } as const;
  const all: Indicator[] = [
    {
      ...latency,
      id: `${id}.latency-p50`,
      quantity: "latency-p50",
      label: `${step}: latency p50`,
      margin: margins.latencyP50,
      minimumCount: fewest.p50,
      source: quantile(0.5),
    },
    {
      ...latency,
      id: `${id}.latency-p95`,
      quantity: "latency-p95",
      label: `${step}: latency p95`,
      margin: margins.latencyP95,
      minimumCount: fewest.p95,
      source: quantile(0.95),
    },
    {
      ...common,
      id: `${id}.statements-per-request`,
      quantity: "statements",
      label: `${step}: SQL statements per request`,
      unit: "statements",
      kind: "work",
      margin: margins.stepStatements,
      minimumCount: fewest.requests,
      source: perRequest("request_statements"),
    },
    {
      ...common,
      id: `${id}.python-ms-per-request`,
      quantity: "python-time",
      label: `${step}: Python time per request`,
      unit: "ms",
      kind: "latency",
      margin: margins.requestTime,
      minimumCount: fewest.requests,
      source: perRequest("request_python_ms"),
    },
    {
      ...common,
      id: `${id}.sql-ms-per-request`,
      quantity: "sql-time",
      label: `${step}: SQL time per request`,
      layer: "postgres",
      unit: "ms",
      kind: "latency",
      margin: margins.requestTime,
      minimumCount: fewest.requests,
      source: perRequest("request_sql_ms"),
    },
  ];
  return all.filter(({ source }) => source.kind !== "ratio" || readings.includes(source.reading));
}
