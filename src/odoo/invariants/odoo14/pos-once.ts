import type { Invariant } from "../invariant.ts";

/** A till that sends an order again after a lost answer makes a second one: Odoo 14 does not look for the first. */
export const posOnce: Invariant = {
  id: "pos-once",
  label: "Every receipt of a till is one order",
  scope: "since",
  tables: ["pos_order"],
  checkedSql: `select count(*)::int as checked from pos_order where create_date >= $1::timestamp`,
  violationsSql: `
select pos_reference as key, format('%s orders of receipt %s', count(*), pos_reference) as example
from pos_order where create_date >= $1::timestamp and pos_reference is not null
group by pos_reference having count(*) > 1
order by 1`,
};
