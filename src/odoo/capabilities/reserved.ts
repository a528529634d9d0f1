import { missingCapability } from "./missing-capability.ts";
import type { Picker } from "./picker.ts";

/** reserved names the field of a move line that holds its reserved quantity: 14 and 15, 16, and from 17 on. */
export const reserved: Picker<"reserved"> = {
  name: "reserved",
  scenarios: ["picking-wave"],
  asks: { fields: { "stock.move.line": ["product_uom_qty", "reserved_uom_qty", "quantity"] } },
  pick({ fields, server }) {
    const line = fields.get("stock.move.line");
    if (line?.has("reserved_uom_qty") === true) return "reserved_uom_qty";
    if (line?.has("quantity") === true) return "quantity";
    if (line?.has("product_uom_qty") === true) return "product_uom_qty";
    throw missingCapability("reserved", { module: "stock", lacks: "stock.move.line has no reserved quantity", server });
  },
};
