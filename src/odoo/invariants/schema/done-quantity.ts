import type { Columns } from "./columns.ts";
import { unitConversion } from "./unit-conversion.ts";

/**
 * doneQuantity is what done move line `l` moved, in the product's unit. From 17 on Odoo stores it; before, it is in the line's
 * unit `lu` and has to be brought to the product's unit `pu`.
 */
export function doneQuantity(columns: Columns): string {
  if (columns.has("stock_move_line.quantity_product_uom")) return "l.quantity_product_uom";
  return unitConversion(columns)("l.qty_done", { from: "lu", to: "pu" });
}
