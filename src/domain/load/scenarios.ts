import type { ScenarioDeclaration } from "./scenario-declaration.ts";
import {
  BROWSE_STEPS,
  CHECKOUT_STEPS,
  ORDER_IMPORT_STEPS,
  PICKING_WAVE_STEPS,
  STOCK_SYNC_STEPS,
  STORE_ORDERS_STEPS,
} from "./scenario-steps.ts";

/**
 * SCENARIOS declares each scenario once; see CONTRIBUTING.md for what else a new scenario needs. The order is that of people, and that of
 * the phases of the arrivals: a new scenario goes to the end, so that the arrivals of the others stay as they were.
 */
export const SCENARIOS = [
  {
    name: "checkout",
    service: "checkout",
    label: "checkout",
    unit: "checkout",
    prefix: "co",
    config: { rate: "checkoutsPerMinute", size: "productsPerCart" },
    draft: { perMinute: 12, size: 2 },
    contractSize: 2,
    takes: { from: "products", usedUp: false },
    modules: ["website_sale", "website_sale_stock"],
    capabilities: ["cart", "address", "delivery", "confirm", "payment", "simulator", "storable"],
    writes: (size) => ({
      "sale.order": 1,
      "sale.order.line": size,
      "res.partner": 1,
      "payment.token": 1,
      "payment.transaction": 1,
      "account.move": 1,
      "stock.picking": 1,
      "stock.move": size,
      "mail.mail": 1,
    }),
    // Shoppers poll until the payment is done, so equal releases differ by one poll now and then: half a per cent more.
    statementMargin: { relative: 0.005, absolute: 0.5 },
    steps: CHECKOUT_STEPS,
  },
  {
    name: "stock-sync",
    service: "stock",
    label: "stock sync",
    unit: "sync",
    prefix: "ss",
    config: { rate: "syncsPerMinute", size: "skusPerSync" },
    draft: { perMinute: 12, size: 10 },
    contractSize: 3,
    takes: { from: "products", usedUp: false },
    modules: ["stock"],
    capabilities: ["storable", "stockCount", "api"],
    writes: (size) => ({ "stock.inventory": 1, "stock.move": size }),
    freshness: "age of a figure when the shop shows it",
    steps: STOCK_SYNC_STEPS,
  },
  {
    name: "order-import",
    service: "order-import",
    label: "order import",
    unit: "order",
    prefix: "oi",
    config: { rate: "ordersPerMinute", size: "linesPerOrder" },
    draft: { perMinute: 20, size: 4 },
    contractSize: 3,
    takes: { from: "products", usedUp: false },
    modules: ["sale_management", "sale_stock"],
    capabilities: ["storable", "api"],
    writes: (size) => ({ "sale.order": 1, "sale.order.line": size, "stock.picking": 1, "stock.move": size }),
    steps: ORDER_IMPORT_STEPS,
  },
  {
    name: "picking-wave",
    service: "warehouse",
    label: "picking wave",
    unit: "wave",
    prefix: "pw",
    config: { rate: "wavesPerMinute", size: "pickingsPerWave" },
    draft: { perMinute: 12, size: 3 },
    contractSize: 2,
    takes: { from: "pickings", usedUp: true },
    modules: ["stock_picking_batch"],
    capabilities: ["reserved", "picking"],
    // The pickings exist before the run and become done, each with a few moves.
    writes: (size) => ({ "stock.picking.batch": 1, "stock.picking": size }),
    // A wave takes three pickings with lines of their own through seven steps, and a campaign has few waves: a difference of one
    // statement in one of nine waves is common, and half a statement takes twenty waves to show.
    statementMargin: { relative: 0.0005, absolute: 0.75 },
    steps: PICKING_WAVE_STEPS,
  },
  {
    name: "store-orders",
    service: "store",
    label: "store orders",
    unit: "burst",
    prefix: "so",
    config: { rate: "burstsPerMinute", size: "ordersPerBurst" },
    draft: { perMinute: 12, size: 3 },
    contractSize: 3,
    takes: null,
    modules: ["point_of_sale"],
    capabilities: ["storeOrders", "tillClosing"],
    // The session of each till is not counted: it is opened and closed once. An order has up to three lines.
    writes: (size) => ({
      "pos.order": size,
      "pos.order.line": 3 * size,
      "pos.payment": size,
      "stock.picking": size,
      "stock.move": 3 * size,
    }),
    freshness: "age of a till's orders when Odoo has them",
    steps: STORE_ORDERS_STEPS,
  },
  {
    name: "browse",
    service: "shop",
    label: "browse",
    unit: "visit",
    prefix: "br",
    config: {
      rate: "visitorsPerMinute",
      size: "pagesPerVisit",
      share: { key: "buyersShare", of: "checkout" },
    },
    draft: { perMinute: 20, size: 6 },
    // Each kind of page, and products from a category, a search and a filter.
    contractSize: 7,
    takes: null,
    modules: ["website_sale"],
    capabilities: [],
    // A visit only reads. Odoo itself keeps a website.visitor per guest and a website.track per product page that it tracks.
    writes: () => ({}),
    steps: BROWSE_STEPS,
  },
] as const satisfies readonly ScenarioDeclaration[];

/** ScenarioName is the name of a declared scenario, such as `checkout`. */
export type ScenarioName = (typeof SCENARIOS)[number]["name"];

/** SCENARIO_NAMES are the names of all declared scenarios. */
export const SCENARIO_NAMES: readonly ScenarioName[] = SCENARIOS.map(({ name }) => name);

const byName: ReadonlyMap<string, ScenarioDeclaration> = new Map(SCENARIOS.map((scenario) => [scenario.name, scenario]));

/** declarationOf finds the declaration of a scenario. */
export function declarationOf(name: ScenarioName): ScenarioDeclaration {
  const declaration = byName.get(name);
  if (declaration === undefined) throw new Error(`the scenario ${name} is not declared`);
  return declaration;
}

/** findDeclaration finds the declaration of a scenario that a bundle names; null for a scenario of a foreign k6 script. */
export function findDeclaration(name: string): ScenarioDeclaration | null {
  return byName.get(name) ?? null;
}
