import type { Invariant } from "./invariant.ts";

/**
 * importExactlyOnce checks imported orders by client_order_ref. Odoo has no unique index on this field, so an import can create
 * duplicates.
 */
export const importExactlyOnce: Invariant = {
  id: "import-exactly-once",
  label: "Every imported order exists exactly once and is confirmed",
  scope: "ledger",
  entries: ({ scenario }) => scenario === "order-import",
  tables: ["sale_order"],
  checkedSql: `select count(*)::int as checked from jsonb_to_recordset($1::jsonb) as e(ref text)`,
  violationsSql: `
select e.ref as key,
  case when count(so.id) <> 1 then format('%s: %s orders', e.ref, count(so.id))
    else format('%s: order %s is %s', e.ref, min(so.name), min(so.state)) end as example
from jsonb_to_recordset($1::jsonb) as e(ref text, created boolean, done boolean)
left join sale_order so on so.client_order_ref = e.ref and so.state <> 'cancel'
group by e.ref, e.created, e.done
having count(so.id) > 1
  or (e.created and count(so.id) = 0)
  or (e.done and bool_or(so.state not in ('sale', 'done')))
order by 1`,
};

/**
 * importAsSent compares imported orders with what was sent. The expected total is the total that Odoo returned when the order was
 * confirmed. Section headings and notes among the lines are not counted.
 */
export const importAsSent: Invariant = {
  id: "import-as-sent",
  label: "Every imported order has the lines that were sent and the total that Odoo returned",
  scope: "ledger",
  entries: ({ scenario, done }) => scenario === "order-import" && done,
  tables: ["sale_order", "sale_order_line"],
  checkedSql: `select count(*)::int as checked from jsonb_to_recordset($1::jsonb) as e(ref text)`,
  violationsSql: `
select e.ref as key,
  format('%s: order %s has %s lines and total %s, expected %s lines and %s',
    e.ref, so.name, count(l.id), so.amount_total, e.detail->>'lines', coalesce(e.detail->>'total', 'any')) as example
from jsonb_to_recordset($1::jsonb) as e(ref text, detail jsonb)
join sale_order so on so.client_order_ref = e.ref and so.state <> 'cancel'
left join sale_order_line l on l.order_id = so.id and l.display_type is null
group by e.ref, e.detail, so.id
having count(l.id) <> (e.detail->>'lines')::numeric
  or abs(so.amount_total - (e.detail->>'total')::numeric) > 0.005
order by 1`,
};
