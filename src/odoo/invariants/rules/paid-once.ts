import type { Rule } from "./rule.ts";

/** A payment that Odoo has not processed yet confirms its order later: by a poll or by the scheduled job. */
export const paidOnce: Rule = ({ processedPayment }) => ({
  id: "paid-once",
  label: "Every payment belongs to one order, and every paid order is confirmed and paid once",
  scope: "since",
  tables: ["payment_transaction", "sale_order_transaction_rel", "sale_order"],
  checkedSql: `select count(*)::int as checked from payment_transaction where state = 'done' and create_date >= $1::timestamp`,
  violationsSql: `
select format('payment:%s', t.id) as key, format('payment %s belongs to %s orders', t.reference, count(*)) as example
from payment_transaction t join sale_order_transaction_rel r on r.transaction_id = t.id
where t.state = 'done' and t.create_date >= $1::timestamp
group by t.id having count(*) > 1
union all
select format('order:%s', so.id), format('order %s is %s and has %s payments', so.name, so.state, count(*))
from sale_order so
join sale_order_transaction_rel r on r.sale_order_id = so.id
join payment_transaction t on t.id = r.transaction_id and t.state = 'done'
where so.create_date >= $1::timestamp
group by so.id
having count(*) > 1 or (so.state not in ('sale', 'done') and bool_and(${processedPayment}))
order by 1`,
});
