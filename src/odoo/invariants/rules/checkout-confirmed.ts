import type { Invariant } from "../invariant.ts";

/** A shopper is known by the e-mail address, which carries the run and the iteration. */
export const checkoutConfirmed: Invariant = {
  id: "checkout-confirmed",
  label: "Every finished checkout is one confirmed order of its shopper",
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
