import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ARMS, type Arm } from "../../src/domain/arm.ts";
import type { Evidence } from "../../src/domain/evidence.ts";
import type { Indicator } from "../../src/domain/indicator.ts";
import type { Reading } from "../../src/domain/reading.ts";
import { createBundle } from "../../src/store/bundle-writer.ts";
import { readEvidence } from "../../src/store/evidence.ts";
import { policy, runEnd, runStart, temporaryFolder } from "./recorded-bundle.ts";

const folder = temporaryFolder();
const START_MS = runStart.loadStartMs;
const HEADER =
  "metric_name,timestamp,metric_value,error_code,expected_response,group,method,name,scenario,status,extra_tags,metadata";

const statements: Indicator = {
  id: "order-import.statements-per-transaction",
  label: "order import: SQL statements per order",
  unit: "statements",
  better: "lower",
  service: "order-import",
  layer: "odoo",
  kind: "work",
  margin: { relative: 0.0005, absolute: 0.5 },
  gate: true,
  minimumCount: 1,
  source: {
    kind: "ratio",
    reading: "request_statements",
    labels: { scenario: "order-import" },
    per: "transaction",
    scenario: "order-import",
  },
};

/** Order is one transaction of one request: when it was due, how long it took, and what its request cost in which worker. */
interface Order {
  readonly arm: Arm;
  readonly pair: number;
  readonly dueMs: number;
  readonly tookMs: number;
  readonly worker: string;
  readonly statements: number;
}

async function evidenceOf(name: string, orders: readonly Order[], logged: readonly Order[] = orders): Promise<Evidence> {
  const writer = await createBundle(join(folder, name), runStart);
  const rows = orders.flatMap(({ arm, pair, dueMs, tookMs }) => {
    const end = `${START_MS + dueMs + tookMs}000000`;
    const tags = `arm=${arm}&outcome=ok,pair=${pair}`;
    return [
      `peakproof_step,${end},${tookMs},,,,,order-import/confirm,order-import,,${tags}`,
      `peakproof_transaction,${end},${tookMs},,,,,,order-import,,${tags}`,
      `iterations,${end},1,,,,,,order-import,,arm=${arm},pair=${pair}`,
    ];
  });
  writeFileSync(writer.paths.k6Csv, `${[HEADER, ...rows].join("\n")}\n`);
  writer.appendReadings(logged.map(readingOf));
  await writer.finish({ ...runEnd, planned: null });
  return readEvidence({ kind: "together", bundles: [join(folder, name)] }, { policy, choose: () => [statements] });
}

function readingOf({ arm, dueMs, tookMs, worker, statements: value }: Order): Reading {
  const labels = { route: "/web/dataset/call_kw/sale.order/action_confirm", method: "POST", status: "200", worker };
  return { timeMs: START_MS + dueMs + tookMs - 2, arm, probe: "odoo", name: "request_statements", labels, value };
}

/** Two arms, twelve pairs half a second apart, every pair with work of its own; the halves of a pair are 250 ms apart. */
function pairs(change: (order: Order) => Order = (order) => order): Order[] {
  return Array.from({ length: 12 }, (_, pair) =>
    ARMS.map((arm, half) =>
      change({ arm, pair, dueMs: 500 * pair + 250 * half, tookMs: 600, worker: "7", statements: 100 + 10 * pair }),
    ),
  ).flat();
}

function totals(evidence: Evidence, arm: Arm): { numerator: number; denominator: number }[] {
  const blocks = evidence.series[0]?.blocks[arm] ?? [];
  return blocks.map((block) =>
    block.kind === "ratio"
      ? { numerator: block.numerator, denominator: block.denominator }
      : { numerator: NaN, denominator: NaN },
  );
}

test("equal work is equal in every block, though transactions overlap and pairs lie across the edges of blocks", async () => {
  const evidence = await evidenceOf("equal", pairs());
  expect(totals(evidence, "candidate")).toEqual(totals(evidence, "baseline"));
  expect(totals(evidence, "baseline").filter(({ denominator }) => denominator > 0).length).toBeGreaterThan(1);
});

test("the first request of a worker takes its pair out of both arms", async () => {
  const cold = (order: Order): Order =>
    order.arm === "candidate" && order.pair === 5 ? { ...order, worker: "8", statements: 900 } : order;
  const evidence = await evidenceOf("cold", pairs(cold));
  expect(totals(evidence, "candidate")).toEqual(totals(evidence, "baseline"));
  // Pair 0 is the first of worker 7 in both arms, pair 5 that of worker 8: ten of twelve remain.
  expect(totals(evidence, "candidate").reduce((sum, { denominator }) => sum + denominator, 0)).toBe(10);
});

test("one more statement in every request of the candidate is one more per transaction", async () => {
  const more = (order: Order): Order => (order.arm === "candidate" ? { ...order, statements: order.statements + 1 } : order);
  const evidence = await evidenceOf("more", pairs(more));
  const baseline = totals(evidence, "baseline");
  expect(totals(evidence, "candidate")).toEqual(
    baseline.map(({ numerator, denominator }) => ({ numerator: numerator + denominator, denominator })),
  );
});

test("a log that lost lines of one arm makes the run invalid, for it would make that arm look cheap", async () => {
  const all = pairs();
  const facts = async (name: string, logged: readonly Order[]) =>
    (await evidenceOf(name, all, logged)).validity.filter(({ code }) => code === "log-incomplete");
  expect(await facts("whole-log", all)).toEqual([]);
  const lost = await facts(
    "lost-lines",
    all.filter(({ arm, pair }) => arm === "baseline" || pair < 6),
  );
  expect(lost).toMatchObject([{ severity: "invalid" }]);
  expect(lost[0]?.text).toContain("6 of the 12 requests that k6 sent to the candidate");
});
