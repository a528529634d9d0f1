import type { Invariant } from "../invariant.ts";

/** Odoo keeps stock of suppliers, customers and losses as well, so every move takes from one place what it gives to another. */
export const stockDoubleEntry: Invariant = {
  id: "stock-double-entry",
  label: "Stock of each product sums to zero over all locations",
  scope: "all",
  tables: ["stock_quant"],
  checkedSql: `select count(distinct product_id)::int as checked from stock_quant`,
  violationsSql: `
select format('%s:%s', product_id, round(sum(quantity)::numeric, 4)) as key,
  format('product %s: off by %s', product_id, round(sum(quantity)::numeric, 4)) as example
from stock_quant group by product_id having abs(sum(quantity)) > 1e-6
order by product_id`,
};
