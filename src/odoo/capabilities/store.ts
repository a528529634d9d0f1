import { missingCapability, type Picker } from "./picker.ts";

/** storeOrders is how tills hand over orders. Where orders have a `uuid`, the till creates it and Odoo identifies the order by it. */
export const storeOrders: Picker<"storeOrders"> = {
  name: "storeOrders",
  asks: { fields: { "pos.order": ["pos_reference", "uuid"] } },
  pick({ fields, server }) {
    const order = fields.get("pos.order");
    if (order?.has("uuid") === true) return "sync-from-ui";
    if (order?.has("pos_reference") === true) return "create-from-ui";
    throw missingCapability("storeOrders", { module: "point_of_sale", lacks: "there is no pos.order", server });
  },
};

/** tillClosing is who closes the session of a till. From Odoo 15 on it is the till itself, and sessions have opening notes. */
export const tillClosing: Picker<"tillClosing"> = {
  name: "tillClosing",
  asks: { fields: { "pos.session": ["opening_notes", "state"] } },
  pick({ fields, server }) {
    const session = fields.get("pos.session");
    if (session?.has("opening_notes") === true) return "counted";
    if (session?.has("state") === true) return "button";
    throw missingCapability("tillClosing", { module: "point_of_sale", lacks: "there is no pos.session", server });
  },
};
