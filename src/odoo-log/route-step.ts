import type { ScenarioName } from "../domain/load/plan.ts";

/** RouteStep says which scenario step makes the requests of one route, so that work counted by route is known by step. */
export interface RouteStep {
  readonly method: "GET" | "POST";
  /** As `normaliseRoute` writes it. */
  readonly route: string;
  readonly step: string;
  /** Null for what belongs to the set-up and to no scenario. */
  readonly scenario: ScenarioName | null;
}

const RPC = "/web/dataset/call_kw";
/** The JSON-2 API, `/json/2/` as `normaliseRoute` writes it. */
const JSON_2 = "/json/<id>";
/** Applies counts that stand on quants. */
const COUNT_NAME = "stock.inventory.adjustment.name";

/**
 * ROUTE_STEPS are the routes of the scenarios. Every route with its method belongs to one step and one scenario; a step has more
 * than one route where servers do the same thing in different ways, of which each server knows one.
 */
export const ROUTE_STEPS: readonly RouteStep[] = [
  { method: "POST", route: "/web/session/authenticate", step: "session/login", scenario: null },

  { method: "GET", route: "/shop", step: "checkout/shop", scenario: "checkout" },
  { method: "GET", route: "/shop/<slug>", step: "checkout/product", scenario: "checkout" },
  { method: "POST", route: "/shop/cart/update", step: "checkout/add", scenario: "checkout" },
  { method: "POST", route: "/shop/cart/add", step: "checkout/add", scenario: "checkout" },
  { method: "GET", route: "/shop/cart", step: "checkout/cart", scenario: "checkout" },
  { method: "GET", route: "/shop/checkout", step: "checkout/start", scenario: "checkout" },
  { method: "GET", route: "/shop/address", step: "checkout/address-form", scenario: "checkout" },
  { method: "POST", route: "/shop/address", step: "checkout/address", scenario: "checkout" },
  { method: "POST", route: "/shop/address/submit", step: "checkout/address", scenario: "checkout" },
  { method: "POST", route: "/shop/set_delivery_method", step: "checkout/delivery", scenario: "checkout" },
  { method: "GET", route: "/shop/confirm_order", step: "checkout/confirm-address", scenario: "checkout" },
  { method: "GET", route: "/shop/payment", step: "checkout/payment", scenario: "checkout" },
  { method: "POST", route: "/payment/test/s2s/create_json_3ds", step: "checkout/card", scenario: "checkout" },
  { method: "POST", route: "/shop/payment/token", step: "checkout/pay", scenario: "checkout" },
  { method: "POST", route: "/shop/payment/transaction/<id>", step: "checkout/pay", scenario: "checkout" },
  { method: "POST", route: "/payment/test/simulate_payment", step: "checkout/card", scenario: "checkout" },
  { method: "POST", route: "/payment/demo/simulate_payment", step: "checkout/card", scenario: "checkout" },
  { method: "GET", route: "/payment/process", step: "checkout/processing", scenario: "checkout" },
  { method: "POST", route: "/payment/process/poll", step: "checkout/payment-status", scenario: "checkout" },
  { method: "GET", route: "/payment/status", step: "checkout/processing", scenario: "checkout" },
  { method: "POST", route: "/payment/status/poll", step: "checkout/payment-status", scenario: "checkout" },
  { method: "GET", route: "/shop/payment/validate", step: "checkout/validate", scenario: "checkout" },
  { method: "GET", route: "/shop/confirmation", step: "checkout/confirmation", scenario: "checkout" },

  { method: "POST", route: `${RPC}/stock.inventory/create`, step: "stock-sync/create", scenario: "stock-sync" },
  { method: "POST", route: `${RPC}/stock.inventory/action_start`, step: "stock-sync/start", scenario: "stock-sync" },
  { method: "POST", route: `${RPC}/stock.inventory/action_validate`, step: "stock-sync/apply", scenario: "stock-sync" },
  { method: "POST", route: `${RPC}/stock.inventory/read`, step: "stock-sync/check", scenario: "stock-sync" },
  ...calledBySystem("stock.location/write", { step: "stock-sync/create", scenario: "stock-sync" }),
  ...calledBySystem(`${COUNT_NAME}/create`, { step: "stock-sync/start", scenario: "stock-sync" }),
  ...calledBySystem(`${COUNT_NAME}/action_apply`, { step: "stock-sync/apply", scenario: "stock-sync" }),
  ...calledBySystem("stock.quant/search_read", { step: "stock-sync/check-levels", scenario: "stock-sync" }),

  ...calledBySystem("sale.order/search", { step: "order-import/find", scenario: "order-import" }),
  ...calledBySystem("sale.order/create", { step: "order-import/create", scenario: "order-import" }),
  ...calledBySystem("sale.order/action_confirm", { step: "order-import/confirm", scenario: "order-import" }),
  ...calledBySystem("sale.order/read", { step: "order-import/check", scenario: "order-import" }),

  { method: "POST", route: `${RPC}/stock.picking.batch/create`, step: "picking-wave/create", scenario: "picking-wave" },
  { method: "POST", route: `${RPC}/stock.picking.batch/action_confirm`, step: "picking-wave/confirm", scenario: "picking-wave" },
  { method: "POST", route: `${RPC}/stock.picking.batch/action_assign`, step: "picking-wave/reserve", scenario: "picking-wave" },
  { method: "POST", route: `${RPC}/stock.move.line/search_read`, step: "picking-wave/lines", scenario: "picking-wave" },
  { method: "POST", route: `${RPC}/stock.picking.batch/write`, step: "picking-wave/pick", scenario: "picking-wave" },
  { method: "POST", route: `${RPC}/stock.picking.batch/action_done`, step: "picking-wave/validate", scenario: "picking-wave" },
  { method: "POST", route: `${RPC}/stock.picking/read`, step: "picking-wave/check-pickings", scenario: "picking-wave" },
  { method: "POST", route: `${RPC}/stock.picking.batch/read`, step: "picking-wave/check", scenario: "picking-wave" },

  { method: "POST", route: `${RPC}/pos.order/create_from_ui`, step: "store-orders/sync", scenario: "store-orders" },
  { method: "POST", route: `${RPC}/pos.order/create_from_ui/again`, step: "store-orders/resend", scenario: "store-orders" },
  { method: "POST", route: `${RPC}/pos.order/sync_from_ui`, step: "store-orders/sync", scenario: "store-orders" },
  { method: "POST", route: `${RPC}/pos.order/sync_from_ui/again`, step: "store-orders/resend", scenario: "store-orders" },
  { method: "POST", route: `${RPC}/pos.order/search_read`, step: "store-orders/check", scenario: "store-orders" },
];

/** Other systems may call either API. */
function calledBySystem(call: string, of: Pick<RouteStep, "step" | "scenario">): readonly RouteStep[] {
  return [RPC, JSON_2].map((api) => ({ method: "POST", route: `${api}/${call}`, ...of }));
}

/** findRouteStep finds the step of a request by its method and normalised route; null for requests that no scenario makes. */
export function findRouteStep(method: string, route: string): RouteStep | null {
  return ROUTE_STEPS.find((entry) => entry.method === method && entry.route === route) ?? null;
}
