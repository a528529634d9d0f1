import type { Invariant } from "../invariant.ts";

export const pickingsWhole: Invariant = {
  id: "pickings-whole",
  label: "No picking is without moves or at odds with their state",
  scope: "since",
  tables: ["stock_picking", "stock_move"],
  checkedSql: `select count(*)::int as checked from stock_picking where create_date >= $1::timestamp`,
  violationsSql: `
select p.id::text as key,
  format('picking %s is %s with %s moves, %s of them open', p.name, p.state, count(m.id),
    count(m.id) filter (where m.state not in ('done', 'cancel'))) as example
from stock_picking p left join stock_move m on m.picking_id = p.id
where p.create_date >= $1::timestamp
group by p.id
having count(m.id) = 0
  or (p.state = 'done' and count(m.id) filter (where m.state not in ('done', 'cancel')) > 0)
  or (p.state not in ('done', 'cancel') and count(m.id) filter (where m.state not in ('done', 'cancel')) = 0)
order by p.id`,
};
