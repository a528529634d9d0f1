import type { Invariant } from "../invariant.ts";

/**
 * Tills send their orders again when they get no answer, and so does the load. An order that Odoo took and could not process
 * stays a draft, without an error in the answer.
 */
export const storeOrdersOnce: Invariant = {
  id: "store-orders-once",
  label: "Every order of a till exists exactly once and is paid, however often it was sent",
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
