import { expect, test } from "vitest";

import { READ_TABLES } from "../../src/domain/target/database-access.ts";
import { rolesScript } from "../../src/probe/postgres/roles-script.ts";

const script = rolesScript(["shop_a", 'odd"name']);

/** Comments may contain anything and are removed. */
const commands = script
  .split("\n")
  .filter((line) => !line.startsWith("--"))
  .join("\n");

test("the invariants role may read every table that is read, and personal data by column", () => {
  const rows = [...commands.matchAll(/^ {4}\('([a-z_]+)', (null|'[a-z_, ]+')\),?$/gm)].map(([, table, columns]) => [
    table,
    columns,
  ]);
  const wanted = READ_TABLES.map(({ table, columns }) => [table, columns === undefined ? "null" : `'${columns.join(", ")}'`]);
  expect(rows).toEqual([...wanted, ...wanted]);
  expect(rows).toContainEqual(["res_partner", "'id, email'"]);
});

test("the role may read no secrets", () => {
  const tables = READ_TABLES.map(({ table }) => table);
  for (const table of ["res_users", "res_users_apikeys", "ir_config_parameter", "ir_attachment", "mail_message"]) {
    expect(tables).not.toContain(table);
  }
});

test("the script contains no password: psql asks", () => {
  expect(commands).not.toMatch(/(?<!\\)password/);
  expect(commands.match(/^\\password \w+$/gm)).toEqual([
    String.raw`\password peakproof_probe`,
    String.raw`\password peakproof_invariants`,
  ]);
});

test("neither role gets a right to write", () => {
  expect(commands).not.toMatch(/grant (?:all|[^;]*\b(?:insert|update|delete|truncate)\b)/);
  expect(commands.match(/default_transaction_read_only = on/g)).toHaveLength(2);
});

test("each database is connected by its quoted name", () => {
  expect(commands.match(/^\\connect .+$/gm)).toEqual([String.raw`\connect "shop_a"`, String.raw`\connect "odd""name"`]);
});
