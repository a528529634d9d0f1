/** Version is a shop's tables as a newer Odoo keeps them. */
interface Version {
  readonly version: string;
  readonly sql: string;
}

/** A shop is moved from each version to the next by what Odoo changed in the columns that the rules read. */
const STEPS: readonly Version[] = [
  {
    version: "15",
    sql: `alter table payment_transaction rename column is_processed to is_post_processed`,
  },
  {
    version: "16",
    sql: `alter table payment_acquirer rename to payment_provider;
alter table payment_provider alter column name type jsonb using jsonb_build_object('de_DE', 'Anbieter', 'en_US', name);
alter table payment_transaction rename column acquirer_id to provider_id;
alter table stock_move_line rename column product_qty to reserved_qty`,
  },
  {
    version: "17",
    sql: `alter table stock_move_line add column quantity_product_uom numeric;
update stock_move_line l set quantity_product_uom = case when l.state = 'done' then l.qty_done / lu.factor * pu.factor
  else l.reserved_qty end
from product_product p join product_template t on t.id = p.product_tmpl_id join uom_uom pu on pu.id = t.uom_id, uom_uom lu
where p.id = l.product_id and lu.id = l.product_uom_id;
alter table stock_move_line drop column qty_done cascade;
alter table stock_move_line drop column reserved_qty cascade;
alter table stock_move add column quantity numeric;
update stock_move set quantity = case when state = 'done' then product_uom_qty else 0 end;
update stock_move set product_uom_qty = product_uom_qty + 7 where state = 'done'`,
  },
  {
    version: "18",
    sql: `alter table product_template add column is_storable boolean;
alter table if exists pos_order add column uuid varchar;
update product_template set is_storable = type = 'product', type = case type when 'product' then 'consu' else type end`,
  },
  {
    version: "19",
    sql: `alter table sale_order_line rename column product_uom to product_uom_id;
alter table stock_move drop column scrapped cascade;
alter table uom_uom add column relative_factor numeric;
update uom_uom set relative_factor = 1, factor = 1 / factor`,
  },
];

/** NEWER are the versions after 14, each with all that leads to it. */
export const NEWER: readonly Version[] = STEPS.map(({ version }, index) => ({
  version,
  sql: [
    ...STEPS.slice(0, index + 1).map((step) => step.sql),
    `update ir_module_module set latest_version = '${version}.0.1.3' where name = 'base'`,
  ].join(";\n"),
}));
