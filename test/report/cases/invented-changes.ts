import type { IndicatorChange, JudgedChange, UnjudgedChange } from "../../../src/domain/judgement/evaluation.ts";
import type { IndicatorKind } from "../../../src/domain/judgement/indicator.ts";
import type { Layer, Service } from "../../../src/domain/service.ts";

interface Scenario {
  readonly name: string;
  readonly label: string;
  readonly unit: string;
  readonly service: Service;
  readonly n: number;
  /** SQL statements per transaction, median and p95 in ms, of the baseline. */
  readonly statements: number;
  readonly p50: number;
  readonly p95: number;
  readonly steps: readonly string[];
}

export const SCENARIOS: readonly Scenario[] = [
  {
    name: "checkout",
    label: "checkout",
    unit: "checkout",
    service: "checkout",
    n: 206,
    statements: 514,
    p50: 812,
    p95: 1430,
    steps: ["product", "cart", "address", "payment", "confirmation"],
  },
  {
    name: "stock-sync",
    label: "stock sync",
    unit: "sync",
    service: "stock",
    n: 160,
    statements: 88.4,
    p50: 96.2,
    p95: 171,
    steps: ["read", "write"],
  },
  {
    name: "order-import",
    label: "order import",
    unit: "order",
    service: "order-import",
    n: 642,
    statements: 62.2,
    p50: 148,
    p95: 231,
    steps: ["create", "confirm"],
  },
  {
    name: "picking-wave",
    label: "picking wave",
    unit: "wave",
    service: "warehouse",
    n: 12,
    statements: 1312,
    p50: 1980,
    p95: 2710,
    steps: ["assign", "done-quantities", "validate"],
  },
];

/** Quantity is the part of an invented indicator that differs between indicators. */
interface Quantity {
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  readonly kind: IndicatorKind;
  readonly layer: Layer;
  readonly baseline: number;
  readonly effect: number;
  readonly halfWidth: number;
  readonly relative: number;
  readonly gate: boolean;
}

/** inventChange returns a change with a ratio effect and derived fields; spread other fields over it to vary a case. */
export function inventChange(service: Service, n: number, quantity: Quantity): IndicatorChange {
  const { id, label, unit, kind, layer, baseline, effect, halfWidth, relative, gate } = quantity;
  const lower = effect * (1 - halfWidth);
  const upper = effect * (1 + halfWidth);
  const isInside = upper <= 1 + relative && lower >= 1 - relative;
  const change = isInside ? "equivalent" : upper < 1 - relative ? "improved" : "inconclusive";
  return {
    indicator: id,
    label,
    service,
    layer,
    kind,
    unit,
    better: "lower",
    gate,
    ...(gate ? { weight: /p95|statements/.test(id) ? 0.1 : 1 } : {}),
    baseline,
    candidate: round(baseline * effect),
    effectKind: "ratio",
    effect: round(effect),
    lower: round(lower),
    upper: round(upper),
    level: 0.95,
    margin: { relative, absolute: 0 },
    marginLower: round(1 - relative),
    marginUpper: round(1 + relative),
    change,
    p: round(0.4 + effect / 4),
    pAdjusted: 1,
    notWorse: upper < 1 + relative,
    n: { baseline: n, candidate: n + 1 },
    blocks: 24,
    method: kind === "work" ? "ratio of sums, block bootstrap" : "quantile ratio, block bootstrap",
    minimumDetectableEffect: round(halfWidth * 1.3),
    moreMinutes: change === "inconclusive" ? 9 : null,
    warnings: n < 20 ? ["fewer than 20 transactions: quantiles are advisory"] : [],
  };
}

/** ChangedFields are fields of a change in any combination, such as those of a hand-made verdict. */
export type ChangedFields = { readonly [Key in keyof JudgedChange]?: JudgedChange[Key] | UnjudgedChange[Key] };

/** withFields replaces fields of a change. */
export function withFields(change: IndicatorChange, fields: ChangedFields): IndicatorChange {
  return Object.assign({}, change, fields);
}

/** inventChanges returns the gates and steps of each scenario and the work of the whole arm, all close to no change. */
export function inventChanges(): readonly IndicatorChange[] {
  return [...SCENARIOS.flatMap(scenarioChanges), ...platformChanges()];
}

function scenarioChanges(scenario: Scenario, index: number): readonly IndicatorChange[] {
  const { name, label, unit, service, n, statements, p50, p95, steps } = scenario;
  const lean = 1 + (index - 1.5) / 200;
  const transaction = { layer: "odoo", gate: true } as const;
  const latency = { ...transaction, unit: "ms", kind: "latency" } as const;
  return [
    inventChange(service, n, {
      ...transaction,
      id: `${name}.statements-per-transaction`,
      label: `${label}: SQL statements per ${unit}`,
      unit: "statements",
      kind: "work",
      baseline: statements,
      effect: 1.0004,
      halfWidth: 0.004,
      relative: 0.02,
    }),
    inventChange(service, n, {
      ...latency,
      id: `${name}.latency-p50`,
      label: `${label}: latency p50`,
      gate: n >= 20,
      baseline: p50,
      effect: lean,
      halfWidth: 0.021,
      relative: 0.1,
    }),
    inventChange(service, n, {
      ...latency,
      id: `${name}.latency-p95`,
      label: `${label}: latency p95`,
      gate: n >= 20,
      baseline: p95,
      effect: lean + 0.012,
      halfWidth: 0.058,
      relative: 0.15,
    }),
    failedShare(service, n, name, label),
    ...steps.map((step, at) =>
      inventChange(service, n, {
        ...latency,
        id: `${name}.${step}.latency-p95`,
        label: `${name}/${step}: latency p95`,
        gate: false,
        baseline: round(p95 / (at + 2)),
        effect: lean + at / 90,
        halfWidth: 0.06,
        relative: 0.15,
      }),
    ),
  ];
}

function failedShare(service: Service, n: number, name: string, label: string): IndicatorChange {
  return {
    indicator: `${name}.failed-transactions`,
    label: `${label}: failed share`,
    service,
    layer: "odoo",
    kind: "error",
    unit: "ratio",
    better: "lower",
    gate: true,
    weight: 0.25,
    baseline: 0,
    candidate: 0,
    effectKind: "difference",
    effect: 0,
    lower: -round(1 / (3 * n)),
    upper: round(1 / (3 * n)),
    level: 0.95,
    margin: { relative: 0, absolute: 0.03 },
    marginLower: -0.03,
    marginUpper: 0.03,
    change: "equivalent",
    p: 0.94,
    pAdjusted: 1,
    notWorse: true,
    n: { baseline: n, candidate: n + 1 },
    blocks: 24,
    method: "exact conditional binomial",
    minimumDetectableEffect: round(2 / n),
    moreMinutes: null,
    warnings: [],
  };
}

function platformChanges(): readonly IndicatorChange[] {
  const perTransaction = [
    ["odoo-cpu-ms", "Odoo CPU time", "ms", "odoo", 184, 0.03, true],
    ["postgres-cpu-ms", "PostgreSQL CPU time", "ms", "postgres", 61.3, 0.05, false],
    ["wal-bytes", "WAL bytes", "bytes", "postgres", 48_210, 0.05, false],
    ["response-bytes", "response bytes", "bytes", "ingress", 216_400, 0.05, false],
  ] as const;
  return perTransaction.map(([id, quantity, unit, layer, baseline, relative, gate]) =>
    inventChange("platform", 1020, {
      id: `platform.${id}-per-transaction`,
      label: `all services: ${quantity} per transaction`,
      unit,
      layer,
      kind: "work",
      baseline,
      effect: 1.006,
      halfWidth: 0.012,
      relative,
      gate,
    }),
  );
}

/** round keeps six significant digits, which is more than a report shows, so that the fixtures are readable. */
function round(value: number): number {
  return Number(value.toPrecision(6));
}
