import { expect, test } from "vitest";

import { scenarioOfStep, scenarioUnit } from "../../../src/domain/load/scenario-unit.ts";
import { declarationOf, SCENARIO_NAMES, SCENARIOS } from "../../../src/domain/load/scenarios.ts";
import { findRouteStep } from "../../../src/odoo-log/route-step.ts";

/** Bundles and verdicts rest on these values: a change here changes what old bundles say. */
const PINNED = [
  { name: "checkout", service: "checkout", unit: "checkout", prefix: "co", modules: ["website_sale", "website_sale_stock"] },
  { name: "stock-sync", service: "stock", unit: "sync", prefix: "ss", modules: ["stock"] },
  { name: "order-import", service: "order-import", unit: "order", prefix: "oi", modules: ["sale_management", "sale_stock"] },
  { name: "picking-wave", service: "warehouse", unit: "wave", prefix: "pw", modules: ["stock_picking_batch"] },
  { name: "store-orders", service: "store", unit: "burst", prefix: "so", modules: ["point_of_sale"] },
] as const;

test("the scenarios of old bundles keep their names, services, units, prefixes and modules, and stand first", () => {
  expect(SCENARIO_NAMES.slice(0, PINNED.length)).toEqual(PINNED.map(({ name }) => name));
  for (const { name, service, unit, prefix, modules } of PINNED) {
    expect(declarationOf(name)).toMatchObject({ prefix, modules });
    expect(scenarioUnit(name)).toEqual({ service, unit });
  }
  expect(scenarioUnit("nightly-import")).toEqual({ service: "platform", unit: "transaction" });
});

test("one transaction of each scenario writes at most what it did", () => {
  const written = (name: (typeof PINNED)[number]["name"]) => declarationOf(name).writes(3);
  expect(written("checkout")).toMatchObject({ "sale.order": 1, "sale.order.line": 3, "account.move": 1, "mail.mail": 1 });
  expect(Object.keys(written("checkout"))).toHaveLength(9);
  expect(written("stock-sync")).toEqual({ "stock.inventory": 1, "stock.move": 3 });
  expect(written("order-import")).toEqual({ "sale.order": 1, "sale.order.line": 3, "stock.picking": 1, "stock.move": 3 });
  expect(written("picking-wave")).toEqual({ "stock.picking.batch": 1, "stock.picking": 3 });
  expect(written("store-orders")).toMatchObject({ "pos.order": 3, "pos.order.line": 9 });
});

test("a visit only reads", () => {
  expect(declarationOf("browse").writes(6)).toEqual({});
  expect(scenarioUnit("browse")).toEqual({ service: "shop", unit: "visit" });
});

test.each([
  { request: "POST /web/session/authenticate", step: "session/login" },
  { request: "GET /shop", step: "checkout/shop" },
  { request: "POST /payment/demo/simulate_payment", step: "checkout/card" },
  { request: "POST /json/<id>/stock.inventory.adjustment.name/create", step: "stock-sync/start" },
  { request: "POST /web/dataset/call_kw/stock.inventory/create", step: "stock-sync/create" },
  { request: "POST /web/dataset/call_kw/stock.picking.batch/write", step: "picking-wave/pick" },
  { request: "POST /web/dataset/call_kw/pos.order/sync_from_ui/again", step: "store-orders/resend" },
])("$request belongs to $step", ({ request, step }) => {
  const [method = "", route = ""] = request.split(" ");
  expect(findRouteStep(method, route)?.step).toBe(step);
});

test("names, prefixes and config keys are each declared once", () => {
  for (const values of [
    SCENARIOS.map(({ name }) => name),
    SCENARIOS.map(({ prefix }) => prefix),
    SCENARIOS.flatMap(({ config }) => [config.rate, config.size]),
  ]) {
    expect(new Set<string>(values).size).toBe(values.length);
  }
});

test("a step belongs to the scenario before its slash, and steps of the set-up to none", () => {
  expect(scenarioOfStep("picking-wave/pick")).toBe("picking-wave");
  expect(scenarioOfStep("session/login")).toBeNull();
});
