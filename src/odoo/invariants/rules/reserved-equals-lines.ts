import type { Rule } from "./rule.ts";

export const reservedEqualsLines: Rule = ({ reservedQuantity, storableProduct }) => ({
  id: "reserved-equals-lines",
  label: "Reserved stock of each product and location is what the open move lines hold",
  scope: "all",
  tables: ["stock_quant", "stock_move_line"],
  checkedSql: `select count(distinct (product_id, location_id))::int as checked from stock_quant where reserved_quantity <> 0`,
  violationsSql: `
with reserved as (
  select product_id, location_id, sum(reserved_quantity)::numeric as quantity from stock_quant group by 1, 2
), open as (
  select l.product_id, l.location_id, sum(${reservedQuantity}) as quantity
  from stock_move_line l
  join stock_location s on s.id = l.location_id and s.usage not in ('supplier', 'customer', 'inventory', 'production')
  join product_product p on p.id = l.product_id
  join product_template t on t.id = p.product_tmpl_id and ${storableProduct}
  where l.state not in ('done', 'cancel')
  group by 1, 2
)
select format('%s:%s:%s', product_id, location_id, round(coalesce(reserved.quantity, 0) - coalesce(open.quantity, 0), 4)) as key,
  format('product %s at location %s: %s reserved, %s in open lines', product_id, location_id,
    round(coalesce(reserved.quantity, 0), 4), round(coalesce(open.quantity, 0), 4)) as example
from reserved full join open using (product_id, location_id)
where abs(coalesce(reserved.quantity, 0) - coalesce(open.quantity, 0)) > 0.0001
order by product_id, location_id`,
});
