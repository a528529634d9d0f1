import type { Invariant } from "../invariant.ts";

/**
 * Odoo closes a session that does not add up as well: it books the difference to the account for payments of tills. So what is
 * booked on all other accounts of the session's entry must be what was sold. Where a company rounds taxes over all lines
 * together, a cent for each order is no difference.
 */
export const storeSessionsBalanced: Invariant = {
  id: "store-sessions-balanced",
  label: "Every session of a till is closed, with what was sold, paid and booked being the same",
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
