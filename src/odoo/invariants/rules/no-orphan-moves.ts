import type { Invariant } from "../invariant.ts";

export const noOrphanMoves: Invariant = {
  id: "no-orphan-moves",
  label: "Every done move line has its move, and no done batch has an open picking",
  scope: "all",
  tables: ["stock_move_line", "stock_move", "stock_picking", "stock_picking_batch"],
  checkedSql: `
select ((select count(*) from stock_move_line where state = 'done')
  + (select count(*) from stock_picking_batch))::int as checked`,
  violationsSql: `
select format('line:%s', l.id) as key, format('move line %s has no move', l.id) as example
from stock_move_line l left join stock_move m on m.id = l.move_id
where m.id is null and l.state = 'done'
union all
select format('batch:%s:%s', b.id, p.id), format('batch %s is done, its picking %s is %s', b.name, p.name, p.state)
from stock_picking_batch b join stock_picking p on p.batch_id = b.id
where b.state = 'done' and p.state not in ('done', 'cancel')
order by 1`,
};
