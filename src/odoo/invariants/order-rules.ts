import type { Invariant, Rule } from "./invariant.ts";

/** checkoutConfirmed identifies a shopper by the e-mail address, which contains the run id and the iteration. */
export const checkoutConfirmed: Invariant = {
  id: "checkout-confirmed",
  label: "Every finished checkout has exactly one confirmed order of its shopper",
  scope: "ledger",
  entries: ({ scenario }) => scenario === "checkout",
  tables: ["sale_order", "res_partner"],
  checkedSql: `select count(*)::int as checked from jsonb_to_recordset($1::jsonb) as e(ref text)`,
  violationsSql: `
with shopper as (
  select e.ref, e.done, e.detail->>'order' as order_name, so.name, so.state
  from jsonb_to_recordset($1::jsonb) as e(ref text, done boolean, detail jsonb)
  left join res_partner p on p.email = e.detail->>'email'
  left join sale_order so on so.partner_id = p.id and so.state <> 'cancel'
)
select ref as key,
  format('%s: orders %s', ref, coalesce(string_agg(format('%s (%s)', name, state), ', ') filter (where name is not null), 'none'))
    as example
from shopper
group by ref, done, order_name
having count(name) filter (where state in ('sale', 'done')) > 1
  or (done and count(name) filter (where state in ('sale', 'done') and name = coalesce(order_name, name)) <> 1)
order by 1`,
};

/** ordersHaveMoves checks confirmed orders for order lines of goods without a stock move. */
export const ordersHaveMoves: Invariant = {
  id: "orders-have-moves",
  label: "Every line of goods on a confirmed order has a stock move",
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

/**
 * deliveredEqualsMoves compares delivered quantities with stock moves. Odoo changed the moves that count, also within a version:
 * at first a return counted from any location, later only from a customer; from 18 on, transit between companies counts as a
 * customer. A line is a violation only if it matches neither definition.
 */
export const deliveredEqualsMoves: Rule = ({ movedQuantity, saleLineUnit, scrappedMove, unitConversion }) => {
  const quantity = unitConversion(movedQuantity, { from: "mu", to: "lu" });
  return {
    id: "delivered-equals-moves",
    label: "The delivered quantity of each order line equals the sum of its done moves",
    scope: "all",
    tables: ["sale_order_line", "stock_move", "stock_location"],
    checkedSql: `select count(*)::int as checked from sale_order_line where qty_delivered_method = 'stock_move'`,
    violationsSql: `
with side as (
  select m.sale_line_id, ${quantity} as quantity, coalesce(m.to_refund, false) as refund,
    m.origin_returned_move_id is null or m.to_refund as counts,
    d.usage = 'customer' as arrives, d.usage = 'customer' or d.usage = 'transit' and d.company_id is null as arrives_later,
    s.usage = 'customer' or s.usage = 'transit' and s.company_id is null as leaves_later
  from stock_move m
  join sale_order_line l on l.id = m.sale_line_id and l.product_id = m.product_id
  join uom_uom mu on mu.id = m.product_uom
  join uom_uom lu on lu.id = ${saleLineUnit}
  join stock_location s on s.id = m.location_id
  join stock_location d on d.id = m.location_dest_id
  where m.state = 'done' and not ${scrappedMove}
), moved as (
  select sale_line_id,
    sum(case when arrives and counts then quantity when not arrives and refund then -quantity else 0 end) as quantity,
    sum(case when arrives_later and counts then quantity when leaves_later and refund then -quantity else 0 end) as later
  from side group by 1
)
select format('%s:%s', l.id, round((l.qty_delivered - coalesce(moved.quantity, 0))::numeric, 4)) as key,
  format('order %s, line %s: %s delivered, %s moved',
    so.name, l.id, l.qty_delivered, round(coalesce(moved.quantity, 0)::numeric, 4))
    as example
from sale_order_line l
join sale_order so on so.id = l.order_id
left join moved on moved.sale_line_id = l.id
where l.qty_delivered_method = 'stock_move' and abs(l.qty_delivered - coalesce(moved.quantity, 0)) > 0.0001
  and abs(l.qty_delivered - coalesce(moved.later, 0)) > 0.0001
order by l.id`,
  };
};
