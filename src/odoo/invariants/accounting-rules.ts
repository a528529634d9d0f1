import type { Invariant, Rule } from "./invariant.ts";

/**
 * paidOnce checks payments and the orders that they pay. Odoo may confirm the order of an unprocessed payment later, by a poll or
 * by a scheduled job; such an order is not a violation.
 */
export const paidOnce: Rule = ({ processedPayment }) => ({
  id: "paid-once",
  label: "Every payment belongs to exactly one order, and every paid order is confirmed and paid exactly once",
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

/** accountingBalanced checks the sum of debit and credit of each journal entry, rounded to cents. */
export const accountingBalanced: Invariant = {
  id: "accounting-balanced",
  label: "Debit equals credit in every journal entry",
  scope: "all",
  tables: ["account_move_line"],
  checkedSql: `select count(distinct move_id)::int as checked from account_move_line`,
  violationsSql: `
select format('%s:%s', m.id, round(sum(l.debit - l.credit), 2)) as key,
  format('journal entry %s: off by %s', coalesce(min(m.name), m.id::text), round(sum(l.debit - l.credit), 2)) as example
from account_move_line l join account_move m on m.id = l.move_id
group by m.id having round(sum(l.debit - l.credit), 2) <> 0
order by m.id`,
};

/**
 * namesUnique checks the names of posted journal entries and of orders. Odoo 14 assigns these names in Python, without a unique
 * index, so two concurrent transactions can assign the same name.
 */
export const namesUnique: Invariant = {
  id: "names-unique",
  label: "The names of posted journal entries and of orders are unique",
  scope: "all",
  tables: ["account_move", "sale_order"],
  checkedSql: `
select ((select count(*) from account_move where state = 'posted') + (select count(*) from sale_order))::int as checked`,
  violationsSql: `
select format('move:%s:%s:%s', journal_id, name, count(*)) as key,
  format('%s journal entries named %s', count(*), name) as example
from account_move where state = 'posted' and name <> '/' group by journal_id, name having count(*) > 1
union all
select format('order:%s:%s:%s', company_id, name, count(*)), format('%s orders named %s', count(*), name)
from sale_order group by company_id, name having count(*) > 1
order by 1`,
};
