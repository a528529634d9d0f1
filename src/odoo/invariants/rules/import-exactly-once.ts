import type { Invariant } from "../invariant.ts";

/** Odoo has no unique index on client_order_ref, so nothing but this check tells that an order came in once. */
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
