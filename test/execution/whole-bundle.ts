import { writeFileSync } from "node:fs";

import { createBundle, type RunEnd, type RunStart } from "../../src/bundle/run/writer.ts";
import { type Arm, ARMS } from "../../src/domain/arm.ts";
import type { Reading } from "../../src/domain/reading.ts";
import { seededRandom, standardNormal } from "../../src/statistics/random.ts";
import { runEnd, runStart } from "../evidence/recorded-bundle.ts";

const START_MS = runStart.loadStartMs;
const SECONDS = 120;
const HEADER =
  "metric_name,timestamp,metric_value,error_code,expected_response,group,method,name,proto,scenario,status,extra_tags,metadata";

/** What a test spoils of an otherwise whole bundle. */
export interface Spoiled {
  readonly start?: Partial<RunStart>;
  readonly end?: Partial<RunEnd>;
  /** Changes the rows of k6's CSV, or cuts its text; null is no file. */
  readonly csv?: (rows: readonly string[]) => readonly string[];
  readonly text?: (csv: string) => string | null;
  readonly readings?: (reading: Reading) => boolean;
  /** Every transaction of these arms fails. */
  readonly failing?: readonly Arm[];
}

/**
 * wholeBundle writes a run of two equal releases over two quiet minutes, an order a second in each arm: enough for a pass under
 * the default policy. One arm of it is a run of that arm.
 */
export async function wholeBundle(folder: string, spoiled: Spoiled = {}): Promise<string> {
  const start = { ...runStart, ...spoiled.start };
  const writer = await createBundle(folder, start);
  const orders = ordersOf(start.arms, start.seed);
  const rows = [HEADER, ...orders.flatMap((order) => csvRows(order, spoiled.failing?.includes(order.arm) === true))];
  const csv = `${(spoiled.csv?.(rows) ?? rows).join("\n")}\n`;
  const text = spoiled.text === undefined ? csv : spoiled.text(csv);
  if (text !== null) writeFileSync(writer.paths.k6Csv, text);
  const count = (value: number) => ({ values: { count: value } });
  const metrics = { iterations: count(orders.length), http_reqs: count(orders.length), dropped_iterations: count(0) };
  writeFileSync(writer.paths.k6Summary, JSON.stringify({ metrics }));
  const readings = [...orders.flatMap(requestReadings), ...start.arms.flatMap(counters)];
  writer.appendReadings(readings.filter(spoiled.readings ?? (() => true)));
  const planned = [{ scenario: "order-import", planned: SECONDS * start.arms.length }];
  await writer.finish({ ...runEnd, loadEndMs: START_MS + SECONDS * 1000, planned, ...spoiled.end });
  return folder;
}

interface Order {
  readonly arm: Arm;
  readonly pair: number;
  readonly dueMs: number;
  readonly tookMs: number;
}

/** Both halves of a pair fall into the same second. */
function ordersOf(arms: readonly Arm[], seed: number): Order[] {
  const random = seededRandom(seed);
  return Array.from({ length: SECONDS }, (_, pair) =>
    arms.map((arm) => ({
      arm,
      pair,
      dueMs: 1000 * pair + 50 + 300 * ARMS.indexOf(arm),
      tookMs: 150 * Math.exp(0.1 * standardNormal(random)),
    })),
  ).flat();
}

function csvRows({ arm, pair, dueMs, tookMs }: Order, failed: boolean): string[] {
  const end = `${Math.round(1e6 * (START_MS + dueMs + tookMs))}`;
  const outcome = failed ? "application" : "ok";
  const tags = `arm=${arm}&outcome=${outcome},pair=${pair}`;
  const row = (metric: string, value: number, name: string) =>
    `${metric},${end},${value},,true,,POST,${name},HTTP/1.1,order-import,200,${tags}`;
  return [
    row("http_reqs", 1, "order-import/create"),
    row("http_req_duration", tookMs, "order-import/create"),
    row("peakproof_step", tookMs, "order-import/create"),
    row("peakproof_transaction", tookMs, ""),
    row("iterations", 1, ""),
  ];
}

/** Sixty statements and 40 ms of Python for each order, all in one worker. */
function requestReadings({ arm, dueMs, tookMs }: Order): Reading[] {
  const labels = { route: "/web/dataset/call_kw/sale.order/create", method: "POST", status: "200", worker: "7" };
  const common = { timeMs: START_MS + dueMs + tookMs - 2, arm, probe: "odoo", labels };
  return [
    { ...common, name: "request_statements", value: 60 },
    { ...common, name: "request_python_ms", value: 40 },
    { ...common, name: "request_sql_ms", value: 30 },
  ];
}

/** CPU time grows by 80 ms a second, and nothing is retried. */
function counters(arm: Arm): Reading[] {
  return Array.from({ length: 4 * (SECONDS + 4) }, (_, index) => {
    const common = { timeMs: START_MS - 2000 + 250 * index, arm, labels: {} };
    return [
      { ...common, probe: "host", name: "odoo_cpu_ms", value: 5000 + 20 * index },
      { ...common, probe: "odoo", name: "serialization_retries", value: 0 },
    ];
  }).flat();
}
