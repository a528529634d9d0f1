import type { Invariant } from "../invariant.ts";

export const batchesDone: Invariant = {
  id: "batches-done",
  label: "Every finished wave is done, with all of its pickings done",
  scope: "ledger",
  entries: ({ scenario }) => scenario === "picking-wave",
  tables: ["stock_picking_batch", "stock_picking"],
  checkedSql: `select count(*)::int as checked from jsonb_to_recordset($1::jsonb) as e(ref text)`,
  violationsSql: `
select e.ref as key,
  case when count(distinct b.id) <> 1 then format('%s: %s batches', e.ref, count(distinct b.id))
    else format('%s is %s, with %s of %s pickings done', e.ref, min(b.state),
      count(p.id) filter (where p.state = 'done'), coalesce(e.detail->>'pickings', count(p.id)::text)) end as example
from jsonb_to_recordset($1::jsonb) as e(ref text, created boolean, done boolean, detail jsonb)
left join stock_picking_batch b on b.name = e.ref
left join stock_picking p on p.batch_id = b.id
group by e.ref, e.created, e.done, e.detail
having count(distinct b.id) > 1
  or (e.created and count(distinct b.id) = 0)
  or (e.done and (min(b.state) <> 'done'
    or count(p.id) filter (where p.state = 'done') <> coalesce((e.detail->>'pickings')::numeric, count(p.id))))
order by 1`,
};
