import type { Columns } from "./columns.ts";

/** reservedQuantity is what open move line `l` holds, in the product's unit: 16 renamed the column, 17 made one of it and the done one. */
export function reservedQuantity(columns: Columns): string {
  if (columns.has("stock_move_line.quantity_product_uom")) return "l.quantity_product_uom";
  return columns.has("stock_move_line.reserved_qty") ? "l.reserved_qty" : "l.product_qty";
}
