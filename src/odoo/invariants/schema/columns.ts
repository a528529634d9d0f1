import type { Client } from "pg";

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
