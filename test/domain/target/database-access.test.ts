import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import { BACKLOG_TABLES, INVARIANT_TABLES, READ_TABLES } from "../../../src/domain/target/database-access.ts";
import { shopRules } from "../../../src/odoo/invariants/shop-rules.ts";
import { shopSchema } from "../../../src/odoo/invariants/shop-schema.ts";
import { BACKLOG_PARTS } from "../../../src/probe/postgres/backlog.ts";
import { COLUMNS_BY_VERSION } from "../../odoo/invariants/columns-by-version.ts";
import { tablesInSql } from "./tables-in-sql.ts";

/** The rules of every version. */
const RULES = Object.values(COLUMNS_BY_VERSION).flatMap((columns) => shopRules(shopSchema(columns)));

const names = (tables: readonly { table: string }[]) => tables.map(({ table }) => table);

test("tables are found behind FROM and JOIN, and what a statement makes itself is none", () => {
  const sql = `
with line as (select l.id from stock_move_line l join uom_uom on true where extract(year from l.date) > 1),
held (a, b) as (select a from stock_quant)
select (select count(*) from sale_order), e.ref from jsonb_to_recordset($1::jsonb) as e(ref text)
left join line on true full join held using (a) where not exists (select from stock_move m) and x in (select b from pos_order, run)`;
  expect(tablesInSql(sql)).toEqual(["pos_order", "run", "sale_order", "stock_move", "stock_move_line", "stock_quant", "uom_uom"]);
});

test("the business rules read the tables that the role is given, and no other", () => {
  const read = RULES.flatMap(({ tables, checkedSql, violationsSql }) => [
    ...tables,
    ...tablesInSql(checkedSql),
    ...tablesInSql(violationsSql),
  ]);
  const granted = names(INVARIANT_TABLES).filter((table) => table !== "ir_module_module");
  expect([...new Set(read)].toSorted()).toEqual(granted.toSorted());
});

test("every file of rules is among the rules", () => {
  const folder = fileURLToPath(new URL("../../../src/odoo/invariants", import.meta.url));
  const files = readdirSync(folder).filter((file) => file.endsWith("-rules.ts"));
  const ids = files.flatMap((file) =>
    [...readFileSync(join(folder, file), "utf8").matchAll(/\bid: "([a-z-]+)"/g)].map(([, id]) => id ?? ""),
  );
  for (const columns of Object.values(COLUMNS_BY_VERSION)) {
    const rules = shopRules(shopSchema(columns));
    expect(rules.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  }
});

test("the version of Odoo is read from a table that the role is given", () => {
  const path = fileURLToPath(new URL("../../../src/odoo/invariants/shop-rules.ts", import.meta.url));
  const sql = /"(select [^"]+)"/.exec(readFileSync(path, "utf8"))?.[1] ?? "";
  expect(tablesInSql(sql)).toEqual(["ir_module_module"]);
});

test("the backlog probe reads its tables, each part its own", () => {
  expect([...new Set(names(BACKLOG_PARTS))].toSorted()).toEqual(names(BACKLOG_TABLES).toSorted());
  for (const { table, sql } of BACKLOG_PARTS) {
    const read = tablesInSql(sql).filter((name) => name !== "run");
    expect({ table, read }).toEqual({ table, read: [table] });
  }
});

test("where a table is given by columns, statements name no others of it", () => {
  const statements = [
    ...RULES.flatMap(({ checkedSql, violationsSql }) => [checkedSql, violationsSql]),
    ...BACKLOG_PARTS.map(({ sql }) => sql),
  ];
  for (const { table, columns } of READ_TABLES) {
    if (columns === undefined) continue;
    for (const sql of statements.filter((one) => tablesInSql(one).includes(table))) {
      const alias = new RegExp(`\\b${table} ([a-z]+)\\b(?<!where|on|join)`).exec(sql)?.[1];
      const named =
        alias === undefined ? [] : [...sql.matchAll(new RegExp(`\\b${alias}\\.([a-z_]+)`, "g"))].map(([, name]) => name);
      expect({ table, others: named.filter((name) => !columns.includes(name ?? "")) }).toEqual({ table, others: [] });
    }
  }
});
