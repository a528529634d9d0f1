import type { Rule } from "./rule.ts";

/** Quantities of moves are in the unit of the line; the factors of both units bring them to the unit of the product. */
export const stockEqualsMoves: Rule = ({ doneQuantity, storableProduct }) => ({
  id: "stock-equals-moves",
  label: "Stock of each product and location is what the done moves add up to",
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
