import { missingCapability } from "./missing-capability.ts";
import type { Picker } from "./picker.ts";

/** stockCount tells how many counts at once are handed in. Moves that name an adjustment tell that there is `stock.inventory`. */
export const stockCount: Picker<"stockCount"> = {
  name: "stockCount",
  scenarios: ["stock-sync"],
  asks: { fields: { "stock.quant": ["inventory_quantity_set"], "stock.move": ["inventory_id"] } },
  pick({ fields, server }) {
    if (fields.get("stock.quant")?.has("inventory_quantity_set") === true) return "quant";
    if (fields.get("stock.move")?.has("inventory_id") === true) return "adjustment";
    const lacks = "there is no stock.inventory, and stock.quant takes no counts";
    throw missingCapability("stockCount", { module: "stock", lacks, server });
  },
};
