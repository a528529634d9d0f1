import type { ScenarioSteps } from "./scenario-declaration.ts";

const RPC = "/web/dataset/call_kw";
/** The JSON-2 API: `/json/2/` as `normaliseRoute` writes it. */
const JSON_2 = "/json/<id>";

/** call is the request of a method call in a session. */
function call(method: string): readonly string[] {
  return [`POST ${RPC}/${method}`];
}

/** callOfSystem is the request of a method call by another system, which uses either API. */
function callOfSystem(method: string): readonly string[] {
  return [`POST ${RPC}/${method}`, `POST ${JSON_2}/${method}`];
}

/** CHECKOUT_STEPS are the steps of `checkout`. */
export const CHECKOUT_STEPS: ScenarioSteps = {
  "checkout/shop": ["GET /shop"],
  "checkout/product": ["GET /shop/<slug>"],
  "checkout/add": ["POST /shop/cart/update", "POST /shop/cart/add"],
  "checkout/cart": ["GET /shop/cart"],
  "checkout/start": ["GET /shop/checkout"],
  "checkout/address-form": ["GET /shop/address"],
  "checkout/address": ["POST /shop/address", "POST /shop/address/submit"],
  "checkout/delivery": ["POST /shop/set_delivery_method"],
  "checkout/confirm-address": ["GET /shop/confirm_order"],
  "checkout/payment": ["GET /shop/payment"],
  "checkout/card": [
    "POST /payment/test/s2s/create_json_3ds",
    "POST /payment/test/simulate_payment",
    "POST /payment/demo/simulate_payment",
  ],
  "checkout/pay": ["POST /shop/payment/token", "POST /shop/payment/transaction/<id>"],
  "checkout/processing": ["GET /payment/process", "GET /payment/status"],
  "checkout/payment-status": ["POST /payment/process/poll", "POST /payment/status/poll"],
  "checkout/validate": ["GET /shop/payment/validate"],
  "checkout/confirmation": ["GET /shop/confirmation"],
};

/** Model of Odoo 15 and later that applies the counts of a location's quants. */
const COUNT_NAME = "stock.inventory.adjustment.name";

/** STOCK_SYNC_STEPS are the steps of `stock-sync`: by an inventory adjustment (`stock.inventory`) or by counts of quants. */
export const STOCK_SYNC_STEPS: ScenarioSteps = {
  "stock-sync/create": [...call("stock.inventory/create"), ...callOfSystem("stock.location/write")],
  "stock-sync/start": [...call("stock.inventory/action_start"), ...callOfSystem(`${COUNT_NAME}/create`)],
  "stock-sync/apply": [...call("stock.inventory/action_validate"), ...callOfSystem(`${COUNT_NAME}/action_apply`)],
  "stock-sync/check": call("stock.inventory/read"),
  "stock-sync/check-levels": callOfSystem("stock.quant/search_read"),
};

/** ORDER_IMPORT_STEPS are the steps of `order-import`. */
export const ORDER_IMPORT_STEPS: ScenarioSteps = {
  "order-import/find": callOfSystem("sale.order/search"),
  "order-import/create": callOfSystem("sale.order/create"),
  "order-import/confirm": callOfSystem("sale.order/action_confirm"),
  "order-import/check": callOfSystem("sale.order/read"),
};

/** PICKING_WAVE_STEPS are the steps of `picking-wave`. */
export const PICKING_WAVE_STEPS: ScenarioSteps = {
  "picking-wave/create": call("stock.picking.batch/create"),
  "picking-wave/confirm": call("stock.picking.batch/action_confirm"),
  "picking-wave/reserve": call("stock.picking.batch/action_assign"),
  "picking-wave/lines": call("stock.move.line/search_read"),
  "picking-wave/pick": call("stock.picking.batch/write"),
  "picking-wave/validate": call("stock.picking.batch/action_done"),
  "picking-wave/check-pickings": call("stock.picking/read"),
  "picking-wave/check": call("stock.picking.batch/read"),
};

/** STORE_ORDERS_STEPS are the steps of `store-orders`. The path of a repeated call ends with a word that Odoo does not read. */
export const STORE_ORDERS_STEPS: ScenarioSteps = {
  "store-orders/sync": [...call("pos.order/create_from_ui"), ...call("pos.order/sync_from_ui")],
  "store-orders/resend": [...call("pos.order/create_from_ui/again"), ...call("pos.order/sync_from_ui/again")],
  "store-orders/check": call("pos.order/search_read"),
};

/** marked is the request of a page that bears the mark of its step, since `checkout` requests the same pages; see `normaliseRoute`. */
function marked(step: string, routes: readonly string[]): readonly string[] {
  return routes.map((route) => `GET ${route}?peakproof=browse-${step}`);
}

/** BROWSE_STEPS are the steps of `browse`. The path of a product differs between versions of Odoo and may contain its category. */
export const BROWSE_STEPS: ScenarioSteps = {
  "browse/shop": marked("shop", ["/shop"]),
  "browse/category": marked("category", ["/shop/category/<slug>"]),
  "browse/search": marked("search", ["/shop"]),
  "browse/filter": marked("filter", ["/shop", "/shop/category/<slug>"]),
  "browse/product": marked("product", ["/shop/<slug>", "/shop/product/<slug>", "/shop/<slug>/<slug>"]),
};
