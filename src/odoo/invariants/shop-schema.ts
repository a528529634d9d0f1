import type { Client } from "pg";

/**
 * ShopSchema is what the rules have to say in another way from one version of Odoo to the next, as SQL. Each is picked by the
 * columns that are there; the newer one first, since an upgraded database may keep columns that Odoo no longer writes.
 */
export interface ShopSchema {
  readonly storableProduct: string;
  readonly doneQuantity: string;
  readonly reservedQuantity: string;
  readonly movedQuantity: string;
  readonly scrappedMove: string;
  readonly saleLineUnit: string;
  readonly unitConversion: UnitConversion;
  readonly processedPayment: string;
  readonly orderNumber: string;
}

/** shopSchema picks what a database with these columns needs. */
export function shopSchema(columns: Columns): ShopSchema {
  return {
    storableProduct: storableProduct(columns),
    doneQuantity: doneQuantity(columns),
    reservedQuantity: reservedQuantity(columns),
    movedQuantity: movedQuantity(columns),
    scrappedMove: scrappedMove(columns),
    saleLineUnit: saleLineUnit(columns),
    unitConversion: unitConversion(columns),
    processedPayment: processedPayment(columns),
    orderNumber: orderNumber(columns),
  };
}

/** Columns are what the tables below have, each as `table.column`. */
export type Columns = ReadonlySet<string>;

/** Tables whose columns differ between versions of Odoo, as far as the rules read them. */
const TABLES = [
  "payment_transaction",
  "pos_order",
  "product_template",
  "sale_order_line",
  "stock_move",
  "stock_move_line",
  "uom_uom",
];

/** The catalogue shows every column to every role; `information_schema` would hide those that the role may not read. */
const SQL = `
select format('%s.%s', wanted.name, a.attname) as name
from unnest($1::text[]) as wanted (name)
join pg_attribute a on a.attrelid = to_regclass(wanted.name) and a.attnum > 0 and not a.attisdropped`;

/** readColumns looks at the database itself: what it has tells more than the number of its version. */
export async function readColumns(client: Client): Promise<Columns> {
  const { rows } = await client.query<{ name: string }>(SQL, [TABLES]);
  return new Set(rows.map(({ name }) => name));
}

/** storableProduct says whether Odoo keeps stock of product template `t`: a type of its own up to 17, then a mark on goods. */
export function storableProduct(columns: Columns): string {
  return columns.has("product_template.is_storable") ? "t.is_storable" : "t.type = 'product'";
}

/**
 * doneQuantity is what done move line `l` moved, in the product's unit. From 17 on Odoo stores it; before, it is in the line's
 * unit `lu` and has to be brought to the product's unit `pu`.
 */
export function doneQuantity(columns: Columns): string {
  if (columns.has("stock_move_line.quantity_product_uom")) return "l.quantity_product_uom";
  return unitConversion(columns)("l.qty_done", { from: "lu", to: "pu" });
}

/** reservedQuantity is what open move line `l` holds, in the product's unit: 16 renamed the column, 17 made one of it and the done one. */
export function reservedQuantity(columns: Columns): string {
  if (columns.has("stock_move_line.quantity_product_uom")) return "l.quantity_product_uom";
  return columns.has("stock_move_line.reserved_qty") ? "l.reserved_qty" : "l.product_qty";
}

/** movedQuantity is what done move `m` moved, in its own unit: up to 16 Odoo sets what was asked for to what was done. */
export function movedQuantity(columns: Columns): string {
  return columns.has("stock_move.quantity") ? "m.quantity" : "m.product_uom_qty";
}

/** scrappedMove says whether move `m` to location `d` threw goods away: 19 dropped the mark and knows it by where they went. */
export function scrappedMove(columns: Columns): string {
  return columns.has("stock_move.scrapped") ? "coalesce(m.scrapped, false)" : "(d.usage = 'inventory')";
}

/** saleLineUnit is the unit of order line `l`, which 19 renamed. */
export function saleLineUnit(columns: Columns): string {
  return columns.has("sale_order_line.product_uom_id") ? "l.product_uom_id" : "l.product_uom";
}

/** UnitConversion brings a quantity from one unit to another; both are names under which the statement reads `uom_uom`. */
export type UnitConversion = (quantity: string, units: { readonly from: string; readonly to: string }) => string;

/**
 * unitConversion knows what a unit's factor means: up to 18 how many of it make one of the reference (a dozen has 1/12), from 19 on,
 * where units are relative to each other and have no category, how many of the reference it is (a dozen has 12).
 */
export function unitConversion(columns: Columns): UnitConversion {
  if (columns.has("uom_uom.relative_factor")) return (quantity, { from, to }) => `${quantity} * ${from}.factor / ${to}.factor`;
  return (quantity, { from, to }) => `${quantity} / ${from}.factor * ${to}.factor`;
}

/** processedPayment says whether Odoo has done with payment `t` what follows from it; 15 renamed the column. */
export function processedPayment(columns: Columns): string {
  return columns.has("payment_transaction.is_post_processed") ? "t.is_post_processed" : "t.is_processed";
}

/** orderNumber is the number that a till itself gives order `o`, beside its receipt; null before 18, where tills give none. */
export function orderNumber(columns: Columns): string {
  return columns.has("pos_order.uuid") ? "o.uuid" : "null";
}
