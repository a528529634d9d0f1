import type { ServerFacts } from "../../../src/odoo/capabilities/picker.ts";

interface Recorded {
  readonly version: string;
  readonly modules: readonly string[];
  readonly fields: Readonly<Record<string, readonly string[]>>;
  readonly routes: readonly string[];
}

const SHOP_MODULES = [
  "website_sale",
  "website_sale_stock",
  "stock",
  "sale_management",
  "sale_stock",
  "stock_picking_batch",
  "point_of_sale",
];

/** What servers of these versions answered to all that the pickers ask for. */
const RECORDED: readonly Recorded[] = [
  {
    version: "14.0",
    modules: [...SHOP_MODULES, "payment_test"],
    fields: {
      "payment.transaction": ["acquirer_id"],
      "product.template": ["type"],
      "stock.quant": [],
      "stock.move": ["inventory_id"],
      "stock.move.line": ["product_uom_qty", "qty_done"],
      "pos.order": ["pos_reference"],
      "pos.session": ["state"],
    },
    routes: ["/shop/cart/update", "/shop/address", "/shop/confirm_order", "/shop/payment", "/payment/process/poll"],
  },
  {
    version: "16.0",
    modules: [...SHOP_MODULES, "payment_demo"],
    fields: {
      "payment.transaction": ["provider_id"],
      "product.template": ["type"],
      "stock.quant": ["inventory_quantity_set"],
      "stock.move.line": ["reserved_uom_qty", "qty_done"],
      "pos.order": ["pos_reference"],
      "pos.session": ["state", "opening_notes"],
    },
    routes: ["/shop/cart/update", "/shop/address", "/shop/confirm_order", "/shop/payment", "/payment/status/poll"],
  },
  {
    version: "17.0",
    modules: [...SHOP_MODULES, "payment_demo"],
    fields: {
      "payment.transaction": ["provider_id", "payment_method_id"],
      "product.template": ["type"],
      "stock.quant": ["inventory_quantity_set"],
      "stock.move.line": ["quantity", "picked"],
      "pos.order": ["pos_reference"],
      "pos.session": ["state", "opening_notes"],
    },
    routes: ["/shop/cart/update", "/shop/address", "/shop/confirm_order", "/shop/payment", "/payment/status/poll"],
  },
  {
    version: "19.0",
    modules: [...SHOP_MODULES, "payment_demo"],
    fields: {
      "payment.transaction": ["provider_id", "payment_method_id"],
      "product.template": ["type", "is_storable"],
      "stock.quant": ["inventory_quantity_set"],
      "stock.move.line": ["quantity", "picked"],
      "pos.order": ["pos_reference", "uuid"],
      "pos.session": ["state", "opening_notes"],
    },
    routes: [
      "/shop/cart/add",
      "/shop/cart/update",
      "/shop/address",
      "/shop/address/submit",
      "/shop/set_delivery_method",
      "/shop/payment",
      "/payment/status/poll",
      "/json/version",
    ],
  },
];

/** factsOf gives the recorded facts of a version, less what is named in `without`: modules, fields as `model.field`, models, routes. */
export function factsOf(version: string, without: readonly string[] = []): ServerFacts {
  const recorded = RECORDED.find((one) => one.version === version);
  if (recorded === undefined) throw new Error(`nothing was recorded of ${version}`);
  const kept = (name: string) => !without.includes(name);
  const fields = Object.entries(recorded.fields).filter(([model]) => kept(model));
  return {
    server: { version, major: Number.parseInt(version, 10) },
    hasApiKey: false,
    modules: new Set(recorded.modules.filter(kept)),
    fields: new Map(fields.map(([model, names]) => [model, new Set(names.filter((name) => kept(`${model}.${name}`)))])),
    routes: new Set(recorded.routes.filter(kept)),
  };
}
