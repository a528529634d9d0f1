import type { Rule } from "./rule.ts";

/**
 * A session moves the stock of each order at once or that of all orders when it is closed; Odoo hides a picking that failed. Tills
 * sell in the unit of the product, and so their moves are in it.
 */
export const storeStockMoved: Rule = ({ movedQuantity }) => ({
  id: "store-stock-moved",
  label: "What the tills sold has left the stock, product by product",
  scope: "ledger",
  entries: ({ model }) => model === "pos.session",
  tables: ["pos_session", "pos_order", "pos_order_line", "stock_picking", "stock_move", "stock_location"],
  checkedSql: `select count(*)::int as checked from jsonb_to_recordset($1::jsonb) as e(ref text)`,
  violationsSql: `
with session as (
  select s.id, s.name from jsonb_to_recordset($1::jsonb) as e(id integer)
  join pos_session s on s.id = e.id
  where s.state = 'closed' or s.update_stock_at_closing is not true
), sold as (
  select s.id as session_id, l.product_id, sum(l.qty)::numeric as quantity
  from session s
  join pos_order o on o.session_id = s.id and o.state in ('paid', 'done', 'invoiced')
  join pos_order_line l on l.order_id = o.id
  join product_product p on p.id = l.product_id
  join product_template t on t.id = p.product_tmpl_id and t.type in ('product', 'consu')
  group by 1, 2
), moved as (
  select s.id as session_id, m.product_id,
    sum(case when d.usage = 'customer' then ${movedQuantity} else -${movedQuantity} end)::numeric as quantity
  from session s
  join stock_picking k on k.pos_session_id = s.id
  join stock_move m on m.picking_id = k.id and m.state = 'done'
  join stock_location d on d.id = m.location_dest_id
  group by 1, 2
)
select format('%s:%s', session_id, product_id) as key,
  format('session %s, product %s: %s sold, %s moved',
    session_id, product_id, coalesce(sold.quantity, 0), coalesce(moved.quantity, 0)) as example
from sold full join moved using (session_id, product_id)
where abs(coalesce(sold.quantity, 0) - coalesce(moved.quantity, 0)) > 0.0001
order by session_id, product_id`,
});
