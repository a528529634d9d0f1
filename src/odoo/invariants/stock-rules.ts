import type { Invariant, Rule } from "./invariant.ts";

/** stockEqualsMoves compares stock with done move lines, in the unit of the product. */
export const stockEqualsMoves: Rule = ({ doneQuantity, storableProduct }) => ({
  id: "stock-equals-moves",
  label: "The stock of each product and location equals the sum of its done moves",
  scope: "all",
  tables: ["stock_quant", "stock_move_line"],
  checkedSql: `select count(distinct (product_id, location_id))::int as checked from stock_quant`,
  violationsSql: `
with line as (
  select l.product_id, l.location_id, l.location_dest_id, ${doneQuantity} as quantity
  from stock_move_line l
  join product_product p on p.id = l.product_id
  join product_template t on t.id = p.product_tmpl_id and ${storableProduct}
  join uom_uom lu on lu.id = l.product_uom_id
  join uom_uom pu on pu.id = t.uom_id
  where l.state = 'done'
), moved as (
  select product_id, location_id, sum(quantity) as quantity from (
    select product_id, location_dest_id as location_id, quantity from line
    union all select product_id, location_id, -quantity from line) as sides
  group by 1, 2
), held as (
  select product_id, location_id, sum(quantity)::numeric as quantity from stock_quant group by 1, 2
)
select
  format('%s:%s:%s', product_id, location_id,
    round((coalesce(held.quantity, 0) - coalesce(moved.quantity, 0))::numeric, 4)) as key,
  format('product %s at location %s: stock %s, moves %s', product_id, location_id,
    round(coalesce(held.quantity, 0)::numeric, 4), round(coalesce(moved.quantity, 0)::numeric, 4)) as example
from moved full join held using (product_id, location_id)
where abs(coalesce(held.quantity, 0) - coalesce(moved.quantity, 0)) > 0.0001
order by product_id, location_id`,
});

/**
 * stockDoubleEntry checks the sum of stock over all locations. Odoo also keeps stock for suppliers, customers and inventory
 * losses, so every move subtracts from one location what it adds to another.
 */
export const stockDoubleEntry: Invariant = {
  id: "stock-double-entry",
  label: "The stock of each product sums to zero over all locations",
  scope: "all",
  tables: ["stock_quant"],
  checkedSql: `select count(distinct product_id)::int as checked from stock_quant`,
  violationsSql: `
select format('%s:%s', product_id, round(sum(quantity)::numeric, 4)) as key,
  format('product %s: off by %s', product_id, round(sum(quantity)::numeric, 4)) as example
from stock_quant group by product_id having abs(sum(quantity)) > 1e-6
order by product_id`,
};

/** reservedEqualsLines compares the reserved quantities of stock with the open move lines. */
export const reservedEqualsLines: Rule = ({ reservedQuantity, storableProduct }) => ({
  id: "reserved-equals-lines",
  label: "The reserved stock of each product and location equals the sum of its open move lines",
  scope: "all",
  tables: ["stock_quant", "stock_move_line"],
  checkedSql: `select count(distinct (product_id, location_id))::int as checked from stock_quant where reserved_quantity <> 0`,
  violationsSql: `
with reserved as (
  select product_id, location_id, sum(reserved_quantity)::numeric as quantity from stock_quant group by 1, 2
), open as (
  select l.product_id, l.location_id, sum(${reservedQuantity}) as quantity
  from stock_move_line l
  join stock_location s on s.id = l.location_id and s.usage not in ('supplier', 'customer', 'inventory', 'production')
  join product_product p on p.id = l.product_id
  join product_template t on t.id = p.product_tmpl_id and ${storableProduct}
  where l.state not in ('done', 'cancel')
  group by 1, 2
)
select format('%s:%s:%s', product_id, location_id, round(coalesce(reserved.quantity, 0) - coalesce(open.quantity, 0), 4)) as key,
  format('product %s at location %s: %s reserved, %s in open lines', product_id, location_id,
    round(coalesce(reserved.quantity, 0), 4), round(coalesce(open.quantity, 0), 4)) as example
from reserved full join open using (product_id, location_id)
where abs(coalesce(reserved.quantity, 0) - coalesce(open.quantity, 0)) > 0.0001
order by product_id, location_id`,
});

/**
 * noNegativeStock checks sums of quants, not single quants: under load, Odoo creates a second quant, possibly a negative one,
 * next to a locked quant and merges both later.
 */
export const noNegativeStock: Invariant = {
  id: "no-negative-stock",
  label: "No stock is negative, and no reservation exceeds the stock on hand",
  scope: "all",
  tables: ["stock_quant", "stock_location"],
  checkedSql: `
select count(distinct (q.product_id, q.location_id))::int as checked
from stock_quant q join stock_location s on s.id = q.location_id where s.usage in ('internal', 'transit')`,
  violationsSql: `
select format('%s:%s:%s:%s:%s', q.product_id, q.location_id, q.lot_id, q.package_id, q.owner_id) as key,
  format('product %s at %s: %s on hand, %s reserved', q.product_id, min(s.complete_name),
    round(sum(q.quantity)::numeric, 4), round(sum(q.reserved_quantity)::numeric, 4)) as example
from stock_quant q join stock_location s on s.id = q.location_id
where s.usage in ('internal', 'transit')
group by q.product_id, q.location_id, q.lot_id, q.package_id, q.owner_id
having sum(q.quantity) < -0.0001
  or sum(q.reserved_quantity) > greatest(sum(q.quantity), 0) + 0.0001
  or sum(q.reserved_quantity) < -0.0001
order by q.product_id, q.location_id`,
};

/** noOrphanMoves checks done move lines for a missing move, and done batches for open pickings. */
export const noOrphanMoves: Invariant = {
  id: "no-orphan-moves",
  label: "Every done move line has a move, and no done batch has an open picking",
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

/** pickingsWhole compares the state of each new picking with the states of its moves. */
export const pickingsWhole: Invariant = {
  id: "pickings-whole",
  label: "Every picking has moves, and its state agrees with the states of its moves",
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

/** batchesDone checks the batch of each finished wave. */
export const batchesDone: Invariant = {
  id: "batches-done",
  label: "Every finished wave is done, and all of its pickings are done",
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
