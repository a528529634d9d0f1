import { writeFileSync } from "node:fs";

import { createBundle, type RunStart } from "../../src/bundle/run/writer.ts";
import { type Arm, ARMS } from "../../src/domain/arm.ts";
import type { Evidence } from "../../src/domain/judgement/evidence.ts";
import type { Indicator } from "../../src/domain/judgement/indicator.ts";
import type { Reading } from "../../src/domain/reading.ts";
import { readEvidence } from "../../src/evidence/evidence.ts";
import { policy, runEnd, runStart } from "./recorded-bundle.ts";

const START_MS = runStart.loadStartMs;
const HEADER =
  "metric_name,timestamp,metric_value,error_code,expected_response,group,method,name,scenario,status,extra_tags,metadata";

/** Requests end so long before k6 knows it. */
const ANSWER_MS = 2;

const ROUTES = {
  "order-import/confirm": { method: "POST", route: "/web/dataset/call_kw/sale.order/action_confirm", scenario: "order-import" },
  "stock-sync/apply": { method: "POST", route: "/web/dataset/call_kw/stock.inventory/action_validate", scenario: "stock-sync" },
} as const;

/** Order is one transaction: when it was due, how long it took, and what each of its requests cost in which worker. */
export interface Order {
  readonly arm: Arm;
  readonly pair: number;
  readonly dueMs: number;
  readonly tookMs: number;
  readonly worker: string;
  readonly statements: number;
  readonly step?: keyof typeof ROUTES;
  readonly pythonMs?: number;
  readonly sqlMs?: number;
  /** Part of `tookMs` that k6 had no VU for it. */
  readonly lateMs?: number;
  readonly outcome?: string;
  /** How many requests of its step it makes, one after the other. */
  readonly requests?: number;
}

/** pairsOf makes two arms with twelve pairs half a second apart, each with work of its own; the halves are 250 ms apart. */
export function pairsOf(change: (order: Order) => Order = (order) => order): Order[] {
  return Array.from({ length: 12 }, (_, pair) =>
    ARMS.map((arm, half) =>
      change({ arm, pair, dueMs: 500 * pair + 250 * half, tookMs: 600, worker: "7", statements: 100 + 10 * pair }),
    ),
  ).flat();
}

/** recordOrders makes a bundle of the orders; `logged` are those of Odoo's log, `readings` what else the probes saw. */
export async function recordOrders(
  folder: string,
  orders: readonly Order[],
  more: { logged?: readonly Order[]; readings?: readonly Reading[]; start?: Partial<RunStart> } = {},
): Promise<void> {
  const writer = await createBundle(folder, { ...runStart, ...more.start });
  const rows = orders.flatMap((order) => {
    const { arm, pair, dueMs, tookMs, lateMs = 0, outcome = "ok" } = order;
    const { step, scenario } = stepOf(order);
    const tags = `arm=${arm}&outcome=${outcome},pair=${pair}`;
    const end = `${START_MS + dueMs + tookMs}000000`;
    return [
      ...requestEnds(order).map((at) => `peakproof_step,${START_MS + at}000000,${tookMs},,,,,${step},${scenario},,${tags}`),
      `peakproof_transaction,${end},${tookMs},,,,,,${scenario},,${tags}`,
      `iterations,${end},1,,,,,,${scenario},,arm=${arm},pair=${pair}`,
      `peakproof_start_lag,${START_MS + dueMs + lateMs}000000,${lateMs},,,,,,${scenario},,arm=${arm},pair=${pair}`,
    ];
  });
  writeFileSync(writer.paths.k6Csv, `${[HEADER, ...rows].join("\n")}\n`);
  writer.appendReadings([...(more.logged ?? orders).flatMap(readingsOf), ...(more.readings ?? [])]);
  await writer.finish({ ...runEnd, planned: null });
}

/** evidenceOf reads the bundles for some indicators. */
export function evidenceOf(bundles: readonly string[], indicators: readonly Indicator[]): Promise<Evidence> {
  return readEvidence({ kind: "together", bundles }, { policy, choose: () => indicators });
}

/** recordEvidence makes one bundle of the orders and reads it for one indicator. */
export async function recordEvidence(
  folder: string,
  what: { orders: readonly Order[]; indicator: Indicator } & Parameters<typeof recordOrders>[2],
): Promise<Evidence> {
  await recordOrders(folder, what.orders, what);
  return evidenceOf([folder], [what.indicator]);
}

/** cpuReadings are looks at a counter of CPU time every `everyMs`: all requests of an arm use `factor` times their Python time. */
export function cpuReadings(orders: readonly Order[], factor: (order: Order) => number, everyMs = 700): Reading[] {
  const looks = Array.from({ length: Math.ceil(9000 / everyMs) }, (_, index) => index * everyMs);
  return ARMS.flatMap((arm) =>
    looks.map((atMs): Reading => {
      const value = orders
        .filter((order) => order.arm === arm)
        .flatMap((order) => requestEnds(order).map((at) => usedBy(order, at - ANSWER_MS, atMs) * factor(order)))
        .reduce((sum, used) => sum + used, 0);
      return { timeMs: START_MS + atMs, arm, probe: "host", name: "odoo_cpu_ms", labels: {}, value };
    }),
  );
}

/** totalsOf are numerator and denominator of one arm's first series in each block. */
export function totalsOf(evidence: Evidence, arm: Arm): { numerator: number; denominator: number }[] {
  const blocks = evidence.series[0]?.blocks[arm] ?? [];
  return blocks.map((block) =>
    block.kind === "ratio"
      ? { numerator: block.numerator, denominator: block.denominator }
      : { numerator: NaN, denominator: NaN },
  );
}

/** atRun is a moment of the run as the probes write it. */
export function atRun(ms: number): number {
  return START_MS + ms;
}

function stepOf({ step = "order-import/confirm" }: Order) {
  return { step, ...ROUTES[step] };
}

/** The requests share the time of their transaction; the last one ends with it. */
function requestEnds({ dueMs, tookMs, requests = 1 }: Order): number[] {
  return Array.from({ length: requests }, (_, index) => dueMs + (tookMs * (index + 1)) / requests);
}

function readingsOf(order: Order): Reading[] {
  const { arm, worker, statements, pythonMs, sqlMs } = order;
  const { route, method } = stepOf(order);
  const labels = { route, method, status: "200", worker };
  const values = { request_statements: statements, request_python_ms: pythonMs, request_sql_ms: sqlMs };
  return requestEnds(order).flatMap((end) =>
    Object.entries(values).flatMap(([name, value]) =>
      value === undefined ? [] : [{ timeMs: START_MS + end - ANSWER_MS, arm, probe: "odoo", labels, name, value }],
    ),
  );
}

/** Part of a request's Python time that it had used at a moment. */
function usedBy({ pythonMs = 0 }: Order, endMs: number, atMs: number): number {
  return Math.min(pythonMs, Math.max(0, atMs - (endMs - pythonMs)));
}
