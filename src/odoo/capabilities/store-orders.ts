import { missingCapability } from "./missing-capability.ts";
import type { Picker } from "./picker.ts";

/** storeOrders tells how tills hand over orders: where an order has a number that its till makes up, Odoo knows it by that. */
export const storeOrders: Picker<"storeOrders"> = {
  name: "storeOrders",
  scenarios: ["store-orders"],
  asks: { fields: { "pos.order": ["pos_reference", "uuid"] } },
  pick({ fields, server }) {
    const order = fields.get("pos.order");
    if (order?.has("uuid") === true) return "sync-from-ui";
    if (order?.has("pos_reference") === true) return "create-from-ui";
    throw missingCapability("storeOrders", { module: "point_of_sale", lacks: "there is no pos.order", server });
  },
};
