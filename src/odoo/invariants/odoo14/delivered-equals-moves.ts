import type { Invariant } from "../invariant.ts";

export const deliveredEqualsMoves: Invariant = {
  id: "delivered-equals-moves",
  label: "The delivered quantity of each order line is what its done moves add up to",
  scope: "all",
  tables: ["sale_order_line", "stock_move", "stock_location"],
  checkedSql: `select count(*)::int as checked from sale_order_line where qty_delivered_method = 'stock_move'`,
  violationsSql: `
with moved as (
  select m.sale_line_id, sum(case
    when d.usage = 'customer' and (m.origin_returned_move_id is null or m.to_refund)
      then m.product_uom_qty / mu.factor * lu.factor
    when d.usage <> 'customer' and m.to_refund then -m.product_uom_qty / mu.factor * lu.factor
    else 0 end) as quantity
  from stock_move m
  join sale_order_line l on l.id = m.sale_line_id and l.product_id = m.product_id
  join uom_uom mu on mu.id = m.product_uom
  join uom_uom lu on lu.id = l.product_uom
  join stock_location d on d.id = m.location_dest_id
  where m.state = 'done' and m.scrapped is not true
  group by 1
)
select format('%s:%s', l.id, round((l.qty_delivered - coalesce(moved.quantity, 0))::numeric, 4)) as key,
  format('order %s, line %s: %s delivered, %s moved',
    so.name, l.id, l.qty_delivered, round(coalesce(moved.quantity, 0)::numeric, 4))
    as example
from sale_order_line l
join sale_order so on so.id = l.order_id
left join moved on moved.sale_line_id = l.id
where l.qty_delivered_method = 'stock_move' and abs(l.qty_delivered - coalesce(moved.quantity, 0)) > 0.0001
order by l.id`,
};
