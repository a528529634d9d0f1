import type { Invariant } from "../invariant.ts";

/** An order that came after its session was closed is taken into another one, to be seen to by a person. */
export const storeOrdersAsSent: Invariant = {
  id: "store-orders-as-sent",
  label: "Every order of a till has the lines, units, total and payment that were sent, in its own session",
  scope: "ledger",
  entries: ({ model, done }) => model === "pos.order" && done,
  tables: ["pos_order", "pos_order_line"],
  checkedSql: `select count(*)::int as checked from jsonb_to_recordset($1::jsonb) as e(ref text)`,
  violationsSql: `
select e.ref as key,
  format('%s: order %s has %s lines, %s units, total %s and %s paid in session %s, wanted %s, %s, %s in session %s',
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
