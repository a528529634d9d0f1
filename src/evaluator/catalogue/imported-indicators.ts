import type { Indicator } from "../../domain/judgement/indicator.ts";
import type { MeasuredFacts } from "./catalogue.ts";
import { enough, fewest, margins, weights } from "./margins.ts";

/**
 * importedIndicators are the indicators of imported results, of which only the steps are known: latency and failures of each step,
 * and, where an Odoo access log was imported too, SQL statements and Python time per request of all routes.
 */
export function importedIndicators(facts: MeasuredFacts): Indicator[] {
  const steps = [...new Set(facts.steps)].sort();
  const ids = uniqueIds(steps);
  const perStep = steps.flatMap((step, index) => importedStep(step, `step.${ids[index] ?? "x"}`, facts));
  return [
    failedRequests,
    ...perStep,
    ...allRoutes.filter(({ source }) => source.kind === "ratio" && facts.readings.includes(source.reading)),
  ];
}

const failedRequests: Indicator = {
  id: "requests.failed",
  quantity: "failures",
  label: "all steps: failed share of requests",
  unit: "ratio",
  better: "lower",
  service: "platform",
  layer: "odoo",
  kind: "error",
  margin: margins.failures,
  gate: true,
  weight: weights.failures,
  minimumCount: fewest.failures,
  source: { kind: "count", event: "failed-step", scenario: null, step: null },
};

/**
 * An imported access log holds routes and no steps, and the foreign script determines the mix of routes: totals per request inform
 * and do not gate.
 */
const allRoutes: readonly Indicator[] = (
  [
    ["request_statements", "statements", "statements-per-request", "SQL statements", "statements", "work", margins.armStatements],
    ["request_python_ms", "python-time", "python-ms-per-request", "Python time", "ms", "latency", margins.requestTime],
    ["request_sql_ms", "sql-time", "sql-ms-per-request", "SQL time", "ms", "latency", margins.requestTime],
  ] as const
).map(([reading, quantity, id, label, unit, kind, margin]) => ({
  id: `requests.${id}`,
  quantity,
  label: `all routes: ${label} per request`,
  unit,
  better: "lower",
  service: "platform",
  layer: "odoo",
  kind,
  margin,
  gate: false,
  minimumCount: fewest.requests,
  source: { kind: "ratio", reading, labels: {}, per: "request", scenario: null },
}));

function importedStep(step: string, id: string, facts: MeasuredFacts): Indicator[] {
  const planned = facts.plannedPerArm?.[step] ?? null;
  const common = { service: "platform", layer: "odoo", better: "lower" } as const;
  const latency = { ...common, kind: "latency", unit: "ms" } as const;
  const quantile = (q: number) => ({ kind: "quantile", metric: "peakproof_step", scenario: null, step, quantile: q }) as const;
  return [
    {
      ...latency,
      id: `${id}.latency-typical`,
      quantity: "latency-typical",
      label: `${step}: typical latency`,
      margin: margins.latencyTypical,
      gate: planned === null || planned >= enough.typical,
      minimumCount: fewest.typical,
      source: { kind: "typical", metric: "peakproof_step", scenario: null, step },
    },
    {
      ...latency,
      id: `${id}.latency-p50`,
      quantity: "latency-p50",
      label: `${step}: latency p50`,
      margin: margins.latencyP50,
      gate: false,
      minimumCount: fewest.p50,
      source: quantile(0.5),
    },
    {
      ...latency,
      id: `${id}.latency-p95`,
      quantity: "latency-p95",
      label: `${step}: latency p95`,
      margin: margins.latencyP95,
      gate: planned === null || planned >= enough.p95,
      weight: weights.tail,
      minimumCount: fewest.p95,
      source: quantile(0.95),
    },
    {
      ...common,
      id: `${id}.failed`,
      quantity: "failures",
      label: `${step}: failed share of requests`,
      unit: "ratio",
      kind: "error",
      margin: margins.failures,
      gate: false,
      minimumCount: fewest.failures,
      source: { kind: "count", event: "failed-step", scenario: null, step },
    },
  ];
}

/** uniqueIds turns step names into kebab-case; a name that folds to a word that is already taken gets a number. */
function uniqueIds(steps: readonly string[]): string[] {
  const taken = new Set<string>();
  return steps.map((step) => {
    const word =
      step
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, "-")
        .replaceAll(/^-|-$/g, "") || "unnamed";
    let id = word;
    for (let number = 2; taken.has(id); number += 1) id = `${word}-${number}`;
    taken.add(id);
    return id;
  });
}
