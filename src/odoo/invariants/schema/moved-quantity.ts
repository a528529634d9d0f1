import type { Columns } from "./columns.ts";

/** movedQuantity is what done move `m` moved, in its own unit: up to 16 Odoo sets what was asked for to what was done. */
export function movedQuantity(columns: Columns): string {
  return columns.has("stock_move.quantity") ? "m.quantity" : "m.product_uom_qty";
}
