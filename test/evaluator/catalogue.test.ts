import { describe, expect, test } from "vitest";

import { scenarioOf, stepOf } from "../../src/domain/judgement/indicator.ts";
import { BACKLOG_READINGS } from "../../src/evaluator/catalogue/backlog-indicators.ts";
import { indicatorsFor } from "../../src/evaluator/catalogue/catalogue.ts";

const scenarios = ["checkout", "stock-sync", "order-import", "picking-wave", "store-orders"];
const steps = ["checkout/cart", "order-import/confirm", "session/login", "elsewhere/thing"];
const readings = ["request_statements", "request_python_ms", "request_sql_ms", "rows_total", "blocks_total", "wal_bytes_total"];

describe("the catalogue of indicators", () => {
  const all = indicatorsFor({ scenarios, steps, readings, imported: false });

  test("names each indicator once, in words that policies can use", () => {
    const ids = all.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/);
  });

  test("identifies each indicator by scenario, step and quantity", () => {
    const everything = [...readings, ...BACKLOG_READINGS, "odoo_cpu_ms", "postgres_cpu_ms", "statements_total"];
    const metrics = ["peakproof_freshness"];
    for (const imported of [false, true]) {
      const measured = indicatorsFor({ scenarios, steps, readings: everything, metrics, imported });
      const identities = measured.map((each) => [scenarioOf(each), stepOf(each), each.quantity].join(" "));
      expect(new Set(identities).size).toBe(measured.length);
    }
    const statements = all.find(({ id }) => id === "order-import.confirm.statements-per-request");
    expect(statements?.quantity).toBe("statements");
    expect(statements && [scenarioOf(statements), stepOf(statements)]).toEqual(["order-import", "order-import/confirm"]);
  });

  test("gates each scenario by its statements, its latency and its failures", () => {
    const gates = all.filter(({ gate, service }) => gate && service === "warehouse").map(({ id }) => id);
    expect(gates).toEqual([
      "picking-wave.statements-per-transaction",
      "picking-wave.latency-typical",
      "picking-wave.latency-p95",
      "picking-wave.failed-transactions",
    ]);
  });

  test("keeps its gates when probes are silent, apart from the optional one, and drops advisory indicators", () => {
    const silent = indicatorsFor({ scenarios, steps, readings: [], imported: false });
    const kept = all.filter(({ gate, id }) => gate && id !== "platform.blocks-per-transaction");
    expect(silent.filter(({ gate }) => gate)).toEqual(kept);
    expect(silent.length).toBeLessThan(all.length);
  });

  test("leaves out the steps of the set-up and of nobody", () => {
    expect(all.some(({ id }) => id.startsWith("session") || id.startsWith("elsewhere"))).toBe(false);
    expect(all.some(({ id }) => id === "order-import.confirm.statements-per-request")).toBe(true);
  });

  test("tells backlogs and the age of stock figures where they were measured, and never gates by them", () => {
    const facts = { scenarios, steps, imported: false };
    const more = indicatorsFor({
      ...facts,
      readings: [
        ...readings,
        "jobs_waiting",
        "pickings_waiting",
        "store_orders_waiting",
        "cron_lateness_s",
        "jobs_drain_minutes",
      ],
      metrics: ["peakproof_step", "peakproof_freshness"],
    }).filter(({ id }) => !all.some((known) => known.id === id));
    expect(more.map(({ id, unit, gate }) => [id, unit, gate])).toEqual([
      ["stock-sync.freshness-typical", "ms", false],
      ["stock-sync.freshness-p95", "ms", false],
      ["store-orders.freshness-typical", "ms", false],
      ["store-orders.freshness-p95", "ms", false],
      ["platform.jobs-waiting", "jobs", false],
      ["warehouse.pickings-waiting", "pickings", false],
      ["store.orders-waiting", "orders", false],
      ["platform.cron-lateness", "s", false],
      ["platform.jobs-drain-minutes", "min", false],
    ]);
  });

  test("has a margin above zero for everything", () => {
    for (const { margin } of all) expect(margin.relative + margin.absolute).toBeGreaterThan(0);
  });

  test("lets a quantile gate only where the plan could decide it", () => {
    const few = indicatorsFor({
      scenarios: ["picking-wave"],
      steps: [],
      readings,
      imported: false,
      plannedPerArm: { "picking-wave": 40 },
    });
    const gate = (id: string) => few.find((indicator) => indicator.id === `picking-wave.${id}`)?.gate;
    expect([gate("latency-typical"), gate("latency-p50"), gate("latency-p95"), gate("failed-transactions")]).toEqual([
      true,
      false,
      false,
      true,
    ]);
    expect(few.find(({ id }) => id.endsWith("failed-transactions"))?.margin.absolute).toBe(0.112);
  });

  test("judges retries in any run, by a limit that its length can show", () => {
    const retries = (planned: number) =>
      indicatorsFor({
        scenarios: ["order-import"],
        steps: [],
        readings: [],
        imported: false,
        plannedPerArm: { "order-import": planned },
      })
        .filter(({ kind, service }) => kind === "error" && service === "platform")
        .map(({ id, gate, margin }) => [id, gate, Math.round(1000 * margin.absolute)]);
    expect(retries(108)).toEqual([["platform.serialization-retries", true, 100]]);
    expect(retries(1000)).toEqual([["platform.serialization-retries", true, 50]]);
  });

  test("judges foreign results by their steps, under names of their own", () => {
    const foreign = indicatorsFor({
      scenarios: [],
      steps: ["GET /shop", "get-shop", "Kasse öffnen", "注文"],
      readings: ["request_statements"],
      imported: true,
    });
    const ids = foreign.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(foreign.filter(({ gate, kind }) => gate && kind === "latency")).toHaveLength(8);
    expect(foreign.find(({ id }) => id === "requests.failed")?.gate).toBe(true);
    expect(ids).toContain("requests.statements-per-request");
  });
});
