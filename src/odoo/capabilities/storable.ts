import { missingCapability } from "./missing-capability.ts";
import type { Picker } from "./picker.ts";

/** storable tells how goods that are kept in stock are known. */
export const storable: Picker<"storable"> = {
  name: "storable",
  scenarios: ["checkout", "stock-sync", "order-import"],
  asks: { fields: { "product.template": ["type", "is_storable"] } },
  pick({ fields, server }) {
    const template = fields.get("product.template");
    if (template?.has("is_storable") === true) return "mark";
    if (template?.has("type") === true) return "type";
    throw missingCapability("storable", { module: "stock", lacks: "product.template tells no goods from services", server });
  },
};
