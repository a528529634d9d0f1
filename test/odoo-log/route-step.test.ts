import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import { findRouteStep, ROUTE_STEPS } from "../../src/odoo-log/route-step.ts";
import { normaliseRoute } from "../../src/odoo-log/route.ts";

const folder = fileURLToPath(new URL("../../scenarios", import.meta.url));
const source = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => readFileSync(join(folder, file), "utf8"))
  .join("\n");

const rowsOf = (step: string) => ROUTE_STEPS.filter((row) => row.step === step);

test("the table names the steps of the scenarios, all of them and no others", () => {
  const names = [...source.matchAll(/\bname: "([a-z-]+\/[a-z-]+)"/g)].map((match) => match[1]);
  expect(new Set(names)).toEqual(new Set(ROUTE_STEPS.map((row) => row.step)));
});

test("no two steps share a route", () => {
  const keys = ROUTE_STEPS.map((row) => `${row.method} ${row.route}`);
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});

test("a step belongs to the scenario that it is named for", () => {
  expect(ROUTE_STEPS.filter((row) => row.step.split("/")[0] !== (row.scenario ?? "session"))).toEqual([]);
});

test("pages and forms are requested by the method and at the route of the table", () => {
  const requests = [...source.matchAll(/\{ name: "([a-z-]+\/[a-z-]+)", path: "([^"]+)"(, (?:form|json))?/g)];
  expect(requests.length).toBeGreaterThan(10);
  for (const [, step = "", path = "", body] of requests) {
    const row = { route: normaliseRoute(path), method: body === undefined ? "GET" : "POST" };
    expect(rowsOf(step)).toContainEqual(expect.objectContaining(row));
  }
});

test("calls are made to the method of the table", () => {
  const calls = [...source.matchAll(/name: "([a-z-]+\/[a-z-]+)", model(?:: (?:"([a-z.]+)"|[A-Z]+))?, method: "([a-z_]+)"/g)];
  expect(calls.length).toBeGreaterThan(10);
  for (const [, step = "", model = "", method = ""] of calls) {
    const call = new RegExp(`^/web/dataset/call_kw/.*${model.replaceAll(".", "\\.")}/${method}$`);
    expect(rowsOf(step).map(({ route }) => route)).toContainEqual(expect.stringMatching(call));
  }
});

test.each([
  { method: "GET", path: "/shop/office-chair-black-17?order=name", step: "checkout/product" },
  { method: "GET", path: "/shop/office-chair-black-17?peakproof=browse-product", step: "browse/product" },
  { method: "GET", path: "/shop?search=chair&peakproof=browse-search", step: "browse/search" },
  { method: "GET", path: "/shop?search=chair", step: "checkout/shop" },
  { method: "GET", path: "/en_US/shop/address", step: "checkout/address-form" },
  { method: "POST", path: "/shop/address", step: "checkout/address" },
  { method: "POST", path: "/web/dataset/call_kw/sale.order/action_confirm", step: "order-import/confirm" },
  { method: "POST", path: "/json/2/sale.order/action_confirm", step: "order-import/confirm" },
  { method: "POST", path: "/json/2/stock.quant/search_read", step: "stock-sync/check-levels" },
  { method: "POST", path: "/json/2/res.users/read", step: undefined },
  { method: "POST", path: "/web/dataset/call_kw/pos.order/create_from_ui", step: "store-orders/sync" },
  { method: "POST", path: "/web/dataset/call_kw/pos.order/create_from_ui/again", step: "store-orders/resend" },
  { method: "POST", path: "/web/dataset/call_kw/pos.order/sync_from_ui/again", step: "store-orders/resend" },
  { method: "POST", path: "/web/dataset/call_kw/pos.session/create", step: undefined },
  { method: "GET", path: "/web/image/product.product/3", step: undefined },
])("$method $path belongs to $step", ({ method, path, step }) => {
  expect(findRouteStep(method, normaliseRoute(path))?.step).toBe(step);
});
