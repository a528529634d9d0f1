import type { Client } from "pg";

/** Tables that the rules read and whose columns differ between versions of Odoo. */
const TABLES = [
  "payment_transaction",
  "pos_order",
  "product_template",
  "sale_order_line",
  "stock_move",
  "stock_move_line",
  "uom_uom",
];

/** `pg_attribute` shows every column to every role; `information_schema` hides columns that the role may not read. */
const SQL = `
select format('%s.%s', wanted.name, a.attname) as name
from unnest($1::text[]) as wanted (name)
join pg_attribute a on a.attrelid = to_regclass(wanted.name) and a.attnum > 0 and not a.attisdropped`;

/** Columns are the existing columns of TABLES, each as `table.column`. */
export type Columns = ReadonlySet<string>;

/** UnitConversion converts a quantity from one unit to another. Both units are aliases of `uom_uom` in the statement. */
type UnitConversion = (quantity: string, units: { readonly from: string; readonly to: string }) => string;

/**
 * ShopSchema holds the SQL expressions that differ between versions of Odoo. Each expression is chosen by the existing columns.
 * The newer column has precedence: an upgraded database may keep columns that Odoo no longer writes.
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

/** readColumns reads the columns of a database. Columns are more reliable than the version number. */
export async function readColumns(client: Client): Promise<Columns> {
  const { rows } = await client.query<{ name: string }>(SQL, [TABLES]);
  return new Set(rows.map(({ name }) => name));
}

/** shopSchema chooses the expressions for a database with these columns. */
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

/** storableProduct says whether Odoo tracks stock of product template `t`: a product type up to 17, a flag from 18 on. */
export function storableProduct(columns: Columns): string {
  return columns.has("product_template.is_storable") ? "t.is_storable" : "t.type = 'product'";
}

/**
 * doneQuantity is the quantity that done move line `l` moved, in the product's unit. From 17 on, Odoo stores it. Up to 16, the
 * quantity is in the line's unit `lu` and is converted to the product's unit `pu`.
 */
function doneQuantity(columns: Columns): string {
  if (columns.has("stock_move_line.quantity_product_uom")) return "l.quantity_product_uom";
  return unitConversion(columns)("l.qty_done", { from: "lu", to: "pu" });
}

/**
 * reservedQuantity is the quantity that open move line `l` reserves, in the product's unit. 16 renamed the column; 17 merged it
 * with the column of the done quantity.
 */
function reservedQuantity(columns: Columns): string {
  if (columns.has("stock_move_line.quantity_product_uom")) return "l.quantity_product_uom";
  return columns.has("stock_move_line.reserved_qty") ? "l.reserved_qty" : "l.product_qty";
}

/** movedQuantity is the quantity that done move `m` moved, in the move's unit. Up to 16, Odoo overwrites the demand with it. */
function movedQuantity(columns: Columns): string {
  return columns.has("stock_move.quantity") ? "m.quantity" : "m.product_uom_qty";
}

/** scrappedMove says whether move `m` to location `d` scrapped goods. 19 replaced the flag by the usage of the location. */
function scrappedMove(columns: Columns): string {
  return columns.has("stock_move.scrapped") ? "coalesce(m.scrapped, false)" : "(d.usage = 'inventory')";
}

/** saleLineUnit is the unit of order line `l`. 19 renamed the column. */
export function saleLineUnit(columns: Columns): string {
  return columns.has("sale_order_line.product_uom_id") ? "l.product_uom_id" : "l.product_uom";
}

/**
 * unitConversion returns the conversion for the meaning of `factor`. Up to 18, the factor is the number of units in one reference
 * unit (a dozen has 1/12). From 19 on, units are relative to each other and have no category, and the factor is the number of
 * reference units in one unit (a dozen has 12).
 */
function unitConversion(columns: Columns): UnitConversion {
  if (columns.has("uom_uom.relative_factor")) return (quantity, { from, to }) => `${quantity} * ${from}.factor / ${to}.factor`;
  return (quantity, { from, to }) => `${quantity} / ${from}.factor * ${to}.factor`;
}

/** processedPayment says whether Odoo has finished the post-processing of payment `t`. 15 renamed the column. */
export function processedPayment(columns: Columns): string {
  return columns.has("payment_transaction.is_post_processed") ? "t.is_post_processed" : "t.is_processed";
}

/** orderNumber is the id that a till gives order `o` in addition to the receipt number; null before 18, where there is none. */
function orderNumber(columns: Columns): string {
  return columns.has("pos_order.uuid") ? "o.uuid" : "null";
}
