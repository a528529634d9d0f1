import type { Invariant } from "../invariant.ts";

export const ordersHaveMoves: Invariant = {
  id: "orders-have-moves",
  label: "Every confirmed order of goods has its stock moves",
  scope: "since",
  tables: ["sale_order", "sale_order_line", "stock_move"],
  checkedSql: `select count(*)::int as checked from sale_order where state in ('sale', 'done') and create_date >= $1::timestamp`,
  violationsSql: `
select so.id::text as key, format('order %s: %s lines of goods without a stock move', so.name, count(*)) as example
from sale_order so
join sale_order_line l on l.order_id = so.id and l.display_type is null and l.product_uom_qty > 0
join product_product p on p.id = l.product_id
join product_template t on t.id = p.product_tmpl_id and t.type in ('product', 'consu')
where so.state in ('sale', 'done') and so.create_date >= $1::timestamp
  and not exists (select from stock_move m where m.sale_line_id = l.id)
group by so.id
order by so.id`,
};
