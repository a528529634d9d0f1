import type { Rule } from "./rule.ts";

/** A till that sends an order again after a lost answer may make a second one: only 19 has an index that forbids it. */
export const posOnce: Rule = ({ orderNumber }) => ({
  id: "pos-once",
  label: "Every receipt of a till is one order",
  scope: "since",
  tables: ["pos_order"],
  checkedSql: `select count(*)::int as checked from pos_order where create_date >= $1::timestamp`,
  violationsSql: `
with told as (
  select o.pos_reference as receipt, ${orderNumber} as number from pos_order o where o.create_date >= $1::timestamp
)
select receipt as key, format('%s orders of receipt %s', count(*), receipt) as example
from told where receipt is not null group by receipt having count(*) > 1
union all
select number, format('%s orders with the number %s', count(*), number)
from told where number is not null group by number having count(*) > 1 and count(distinct receipt) <> 1
order by 1`,
});
