import { missingCapability } from "./missing-capability.ts";
import type { Picker } from "./picker.ts";

/** picking tells how a picked quantity is written: from Odoo 17 on the reserved quantity itself is marked as picked. */
export const picking: Picker<"picking"> = {
  name: "picking",
  scenarios: ["picking-wave"],
  asks: { fields: { "stock.move.line": ["qty_done", "picked"] } },
  pick({ fields, server }) {
    const line = fields.get("stock.move.line");
    if (line?.has("picked") === true) return "picked";
    if (line?.has("qty_done") === true) return "qty-done";
    throw missingCapability("picking", { module: "stock", lacks: "stock.move.line has no picked quantity", server });
  },
};
