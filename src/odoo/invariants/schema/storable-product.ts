import type { Columns } from "./columns.ts";

/** storableProduct says whether Odoo keeps stock of product template `t`: a type of its own up to 17, then a mark on goods. */
export function storableProduct(columns: Columns): string {
  return columns.has("product_template.is_storable") ? "t.is_storable" : "t.type = 'product'";
}
