import { expect, test } from "vitest";

import { SCENARIO_NAMES, type ScenarioName } from "../../../src/domain/load/plan.ts";
import type { CapabilityVariants } from "../../../src/domain/target/capabilities.ts";
import { compareVariants, pickVariants, wantedFacts } from "../../../src/odoo/capabilities/variants.ts";
import { factsOf } from "./recorded-facts.ts";

const FOURTEEN: CapabilityVariants = {
  api: "session",
  cart: "form",
  address: "page",
  delivery: "none",
  confirm: "step",
  payment: "acquirer",
  simulator: "test",
  storable: "type",
  stockCount: "adjustment",
  reserved: "product_uom_qty",
  picking: "qty-done",
  storeOrders: "create-from-ui",
  tillClosing: "button",
};
const SIXTEEN: CapabilityVariants = {
  ...FOURTEEN,
  payment: "option",
  simulator: "demo",
  stockCount: "quant",
  reserved: "reserved_uom_qty",
  tillClosing: "counted",
};
const SEVENTEEN: CapabilityVariants = { ...SIXTEEN, payment: "method", reserved: "quantity", picking: "picked" };
const NINETEEN: CapabilityVariants = {
  ...SEVENTEEN,
  cart: "json",
  address: "submit",
  delivery: "method",
  confirm: "none",
  storable: "mark",
  storeOrders: "sync-from-ui",
};

test.each([
  { version: "14.0", want: FOURTEEN },
  { version: "16.0", want: SIXTEEN },
  { version: "17.0", want: SEVENTEEN },
  { version: "19.0", want: NINETEEN },
])("the variants of Odoo $version", ({ version, want }) => {
  expect(pickVariants(factsOf(version), SCENARIO_NAMES)).toEqual(want);
});

test("where the target names an API key, other systems use it, and need a server that takes one", () => {
  const withKey = (version: string) => () => pickVariants({ ...factsOf(version), hasApiKey: true }, ["order-import"]);
  expect(withKey("19.0")()).toMatchObject({ api: "key" });
  expect(withKey("17.0")).toThrow(/capability api: .* only the JSON-2 API takes/);
});

interface Missing {
  readonly version: string;
  readonly without: readonly string[];
  readonly scenario: ScenarioName;
  readonly capability: string;
  readonly module: string;
}

test.each<Missing>([
  { version: "14.0", without: ["/shop/cart/update"], scenario: "checkout", capability: "cart", module: "website_sale" },
  { version: "19.0", without: ["/shop/address"], scenario: "checkout", capability: "address", module: "website_sale" },
  { version: "17.0", without: ["/shop/payment"], scenario: "checkout", capability: "confirm", module: "website_sale" },
  { version: "16.0", without: ["/payment/status/poll"], scenario: "checkout", capability: "payment", module: "payment" },
  { version: "14.0", without: ["payment_test"], scenario: "checkout", capability: "simulator", module: "payment_test" },
  { version: "19.0", without: ["payment_demo"], scenario: "checkout", capability: "simulator", module: "payment_demo" },
  { version: "17.0", without: ["website_sale"], scenario: "checkout", capability: "checkout", module: "website_sale" },
  { version: "19.0", without: ["product.template"], scenario: "order-import", capability: "storable", module: "stock" },
  { version: "14.0", without: ["stock.move.inventory_id"], scenario: "stock-sync", capability: "stockCount", module: "stock" },
  {
    version: "17.0",
    without: ["stock_picking_batch"],
    scenario: "picking-wave",
    capability: "picking-wave",
    module: "stock_picking_batch",
  },
  { version: "14.0", without: ["point_of_sale"], scenario: "store-orders", capability: "store-orders", module: "point_of_sale" },
  { version: "14.0", without: ["pos.order"], scenario: "store-orders", capability: "storeOrders", module: "point_of_sale" },
  { version: "19.0", without: ["pos.session"], scenario: "store-orders", capability: "tillClosing", module: "point_of_sale" },
  { version: "17.0", without: ["stock.move.line.picked"], scenario: "picking-wave", capability: "picking", module: "stock" },
  { version: "17.0", without: ["stock.move.line.quantity"], scenario: "picking-wave", capability: "reserved", module: "stock" },
])("Odoo $version without $without lacks the capability $capability", ({ version, without, scenario, capability, module }) => {
  expect(() => pickVariants(factsOf(version, without), [scenario])).toThrow(
    expect.objectContaining({
      code: "cannot-measure",
      message: expect.stringContaining(`Odoo ${version} lacks the capability ${capability}:`),
      hint: expect.stringContaining(`the module ${module},`),
    }),
  );
});

test("what no chosen scenario needs may be missing, and is not asked for", () => {
  const facts = factsOf("17.0", ["website_sale", "payment_demo", "stock_picking_batch", "/shop/payment"]);
  expect(pickVariants(facts, ["order-import"])).toEqual({ api: "session", storable: "type" });
  expect(wantedFacts(["order-import"])).toEqual({
    modules: ["sale_management", "sale_stock"],
    fields: { "product.template": ["type", "is_storable"] },
    routes: ["/json/version"],
  });
});

test("a question that two capabilities share is asked once", () => {
  const { fields } = wantedFacts(SCENARIO_NAMES);
  expect(fields["stock.move.line"]).toHaveLength(new Set(fields["stock.move.line"]).size);
  expect(fields["stock.move.line"]).toEqual(expect.arrayContaining(["qty_done", "picked", "reserved_uom_qty", "quantity"]));
});

test("arms of one version work alike, and a difference names the capability with both variants", () => {
  expect(compareVariants(SEVENTEEN, { ...SEVENTEEN })).toEqual([]);
  expect(compareVariants(SIXTEEN, SEVENTEEN)).toEqual([
    "The baseline has payment by option, the candidate by method",
    "The baseline has reserved by reserved_uom_qty, the candidate by quantity",
    "The baseline has picking by qty-done, the candidate by picked",
  ]);
});
