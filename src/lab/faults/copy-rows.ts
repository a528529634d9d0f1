import type { Client } from "pg";

/**
 * copyRows fills a table with copies of its first row, with ids -1, -2 and so on, and some columns set to other values. Triggers
 * and foreign keys are not asked, so it is quick and the new rows may name each other. Rolled back, it leaves as many dead rows.
 */
export async function copyRows(
  client: Client,
  copies: { table: string; count: number; values: Readonly<Record<string, string | number>>; keep: boolean },
): Promise<void> {
  const { table, count, values, keep } = copies;
  const { rows } = await client.query<{ name: string }>(
    "select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped and attname <> 'id'",
    [table],
  );
  const columns = rows.map(({ name }) => client.escapeIdentifier(name));
  const sources = rows.map(({ name }) => {
    const value = values[name];
    if (value === undefined) return `first.${client.escapeIdentifier(name)}`;
    return typeof value === "number" ? String(value) : client.escapeLiteral(value);
  });
  await client.query("begin");
  await client.query("set local session_replication_role = replica");
  await client.query(`insert into ${table} (id, ${columns.join(", ")})
    select -number, ${sources.join(", ")}
    from (select * from ${table} where id > 0 order by id limit 1) first, generate_series(1, ${count}) number`);
  await client.query(keep ? "commit" : "rollback");
}
