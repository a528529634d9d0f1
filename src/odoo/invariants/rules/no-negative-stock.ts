import type { Invariant } from "../invariant.ts";

/** Sums, not rows: under load Odoo puts a second, even negative row beside a locked one, and merges them later. */
export const noNegativeStock: Invariant = {
  id: "no-negative-stock",
  label: "No stock is negative or reserved beyond what is there",
  scope: "all",
  tables: ["stock_quant", "stock_location"],
  checkedSql: `
select count(distinct (q.product_id, q.location_id))::int as checked
from stock_quant q join stock_location s on s.id = q.location_id where s.usage in ('internal', 'transit')`,
  violationsSql: `
select format('%s:%s:%s:%s:%s', q.product_id, q.location_id, q.lot_id, q.package_id, q.owner_id) as key,
  format('product %s at %s: %s on hand, %s reserved', q.product_id, min(s.complete_name),
    round(sum(q.quantity)::numeric, 4), round(sum(q.reserved_quantity)::numeric, 4)) as example
from stock_quant q join stock_location s on s.id = q.location_id
where s.usage in ('internal', 'transit')
group by q.product_id, q.location_id, q.lot_id, q.package_id, q.owner_id
having sum(q.quantity) < -0.0001
  or sum(q.reserved_quantity) > greatest(sum(q.quantity), 0) + 0.0001
  or sum(q.reserved_quantity) < -0.0001
order by q.product_id, q.location_id`,
};
