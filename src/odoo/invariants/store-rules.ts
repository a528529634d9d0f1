import type { Invariant, Rule } from "./invariant.ts";

/**
 * storeOrdersOnce checks the orders that tills sent. A till resends an order after a lost answer, and so does the load. An order
 * that Odoo accepts and cannot process stays a draft; the answer reports no error.
 */
export const storeOrdersOnce: Invariant = {
  id: "store-orders-once",
  label: "Every till order exists exactly once and is paid, regardless of how often it was sent",
  scope: "ledger",
  entries: ({ model }) => model === "pos.order",
  tables: ["pos_order"],
  checkedSql: `select count(*)::int as checked from jsonb_to_recordset($1::jsonb) as e(ref text)`,
  violationsSql: `
select e.ref as key,
  case when count(o.id) <> 1 then format('%s: %s orders', e.ref, count(o.id))
    else format('%s: order %s is %s', e.ref, min(o.name), min(o.state)) end as example
from jsonb_to_recordset($1::jsonb) as e(ref text, created boolean)
left join pos_order o on o.pos_reference = e.ref and o.state <> 'cancel'
group by e.ref, e.created
having count(o.id) > 1
  or (e.created and count(o.id) = 0)
  or (e.created and bool_or(o.state not in ('paid', 'done', 'invoiced')))
order by 1`,
};

/**
 * storeOrdersAsSent compares till orders with what was sent. Odoo puts an order that arrives after its session was closed into
 * another session, for manual review; such an order is a violation.
 */
export const storeOrdersAsSent: Invariant = {
  id: "store-orders-as-sent",
  label: "Every till order has the lines, units, total and payment that were sent, and is in its own session",
  scope: "ledger",
  entries: ({ model, done }) => model === "pos.order" && done,
  tables: ["pos_order", "pos_order_line"],
  checkedSql: `select count(*)::int as checked from jsonb_to_recordset($1::jsonb) as e(ref text)`,
  violationsSql: `
select e.ref as key,
  format('%s: order %s has %s lines, %s units, total %s and %s paid in session %s, expected %s, %s, %s in session %s',
    e.ref, o.name, count(l.id), coalesce(sum(l.qty), 0), o.amount_total, o.amount_paid, o.session_id,
    e.detail->>'lines', e.detail->>'units', e.detail->>'total', e.detail->>'session') as example
from jsonb_to_recordset($1::jsonb) as e(ref text, detail jsonb)
join pos_order o on o.pos_reference = e.ref and o.state <> 'cancel'
left join pos_order_line l on l.order_id = o.id
group by e.ref, e.detail, o.id
having count(l.id) <> (e.detail->>'lines')::numeric
  or abs(coalesce(sum(l.qty), 0) - (e.detail->>'units')::numeric) > 0.0001
  or abs(o.amount_total - (e.detail->>'total')::numeric) > 0.005
  or abs(o.amount_paid - (e.detail->>'total')::numeric) > 0.005
  or o.session_id <> (e.detail->>'session')::numeric
order by 1`,
};

/**
 * storeStockMoved compares the sales of each till session with its stock moves. A session moves the stock either with each order
 * or for all orders when it is closed. Odoo does not report a failed picking to the till. Tills sell in the unit of the product,
 * so their moves are in that unit too.
 */
export const storeStockMoved: Rule = ({ movedQuantity }) => ({
  id: "store-stock-moved",
  label: "For each product, the stock moves of the tills equal their sales",
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

/**
 * storeSessionsBalanced compares the sales, payments and bookings of each till session. Odoo also closes an unbalanced session:
 * it books the difference to the receivable account of the tills. The sum of all other accounts of the session's journal entry
 * must therefore equal the sales. If a company rounds taxes globally, the rule tolerates one cent per order.
 */
export const storeSessionsBalanced: Invariant = {
  id: "store-sessions-balanced",
  label: "Every till session is closed, and its sales, payments and bookings are equal",
  scope: "ledger",
  entries: ({ model, created }) => model === "pos.session" && created,
  tables: ["pos_session", "pos_order", "pos_payment", "pos_payment_method", "account_move", "account_move_line"],
  checkedSql: `select count(*)::int as checked from jsonb_to_recordset($1::jsonb) as e(ref text)`,
  violationsSql: `
with session as (
  select e.ref, s.id, s.name, s.state, s.move_id
  from jsonb_to_recordset($1::jsonb) as e(ref text, id integer)
  left join pos_session s on s.id = e.id
), rounding as (
  select case when bool_or(tax_calculation_rounding_method = 'round_globally') then 0.01 else 0 end as per_order from res_company
), sold as (
  select o.session_id, sum(o.amount_total)::numeric as total, count(*) as orders
  from session s join pos_order o on o.session_id = s.id and o.state in ('paid', 'done', 'invoiced')
  group by 1
), paid as (
  select o.session_id, sum(p.amount)::numeric as total
  from session s join pos_order o on o.session_id = s.id and o.state in ('paid', 'done', 'invoiced')
  join pos_payment p on p.pos_order_id = o.id
  group by 1
), booked as (
  select s.id as session_id, sum(l.credit - l.debit)::numeric as total
  from session s
  join account_move m on m.id = s.move_id and m.state = 'posted'
  join account_move_line l on l.move_id = m.id
  where l.account_id not in (
    select receivable_account_id from pos_payment_method where receivable_account_id is not null
    union all
    select account_default_pos_receivable_account_id from res_company
    where account_default_pos_receivable_account_id is not null)
  group by 1
)
select s.ref as key,
  format('session %s is %s: sold %s, paid %s, booked %s', coalesce(s.name, s.ref), coalesce(s.state, 'gone'),
    round(coalesce(sold.total, 0), 2), round(coalesce(paid.total, 0), 2), round(coalesce(booked.total, 0), 2)) as example
from session s
cross join rounding
left join sold on sold.session_id = s.id
left join paid on paid.session_id = s.id
left join booked on booked.session_id = s.id
where s.state is distinct from 'closed'
  or abs(coalesce(sold.total, 0) - coalesce(paid.total, 0)) > 0.005
  or abs(coalesce(sold.total, 0) - coalesce(booked.total, 0)) > 0.005 + rounding.per_order * coalesce(sold.orders, 0)
order by 1`,
};

/**
 * posOnce checks receipts and order numbers for duplicates. A till that resends an order after a lost answer may create a second
 * order: only 19 has an index that prevents it.
 */
export const posOnce: Rule = ({ orderNumber }) => ({
  id: "pos-once",
  label: "Every till receipt has exactly one order",
  scope: "since",
  tables: ["pos_order"],
  checkedSql: `select count(*)::int as checked from pos_order where create_date >= $1::timestamp`,
  violationsSql: `
with receipts as (
  select o.pos_reference as receipt, ${orderNumber} as number from pos_order o where o.create_date >= $1::timestamp
)
select receipt as key, format('%s orders of receipt %s', count(*), receipt) as example
from receipts where receipt is not null group by receipt having count(*) > 1
union all
select number, format('%s orders with the number %s', count(*), number)
from receipts where number is not null group by number having count(*) > 1 and count(distinct receipt) <> 1
order by 1`,
});
