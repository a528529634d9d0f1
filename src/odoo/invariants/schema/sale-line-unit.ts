import type { Columns } from "./columns.ts";

/** saleLineUnit is the unit of order line `l`, which 19 renamed. */
export function saleLineUnit(columns: Columns): string {
  return columns.has("sale_order_line.product_uom_id") ? "l.product_uom_id" : "l.product_uom";
}
