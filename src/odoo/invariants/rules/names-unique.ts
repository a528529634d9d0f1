import type { Invariant } from "../invariant.ts";

/** Odoo 14 keeps these names apart in Python only, so two transactions at once can give the same one. */
export const namesUnique: Invariant = {
  id: "names-unique",
  label: "No posted journal entry and no order shares its name with another",
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
