import type { Invariant } from "../invariant.ts";

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
