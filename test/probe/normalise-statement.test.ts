import { expect, test } from "vitest";
import { normaliseStatement } from "../../src/probe/postgres/normalise-statement.ts";

test.each([
  {
    name: "lists of different length",
    text: `SELECT "product_product"."id" as "id" FROM "product_product" WHERE "product_product".id IN ($1, $2, $3)`,
    want: `SELECT "product_product"."id" as "id" FROM "product_product" WHERE "product_product".id IN (...)`,
  },
  { name: "a list of one", text: "SELECT a FROM t WHERE id in ($1)", want: "SELECT a FROM t WHERE id in (...)" },
  {
    name: "a list that PostgreSQL 18 has squashed",
    text: "SELECT a FROM t WHERE id IN ($1 /*, ... */)",
    want: "SELECT a FROM t WHERE id IN (...)",
  },
  { name: "casts in a list", text: "DELETE FROM t WHERE d IN ($1::date, $2::date)", want: "DELETE FROM t WHERE d IN (...)" },
  {
    name: "a list of rows",
    text: "DELETE FROM t WHERE (a, b) IN (($1, $2), ($3, $4))",
    want: "DELETE FROM t WHERE (a, b) IN (...)",
  },
  { name: "an array", text: "SELECT a FROM t WHERE b = ANY(ARRAY[$1,$2])", want: "SELECT a FROM t WHERE b = ANY(ARRAY[...])" },
  {
    name: "values of several rows, with calls in them",
    text: "INSERT INTO t (a, b) VALUES (nextval($1), (now() at time zone $2)), (nextval($3), now()) RETURNING id",
    want: `INSERT INTO t (a, b) VALUES (...) RETURNING id`,
  },
  {
    name: "the column list of an insert",
    text: `INSERT INTO "sale_order" ("id", "create_uid", "create_date", "name") VALUES (nextval($1), $2, $3, $4) RETURNING id`,
    want: `INSERT INTO "sale_order" (...) VALUES (...) RETURNING id`,
  },
  {
    name: "the columns of a prefetch, joins to translations and all",
    text: `SELECT "t"."id" as "id", "t"."a" as "a", COALESCE("t__b"."value", "t"."b") as "b", "t"."c" as "c"
      FROM "t" LEFT JOIN x ON $1 WHERE "t".id IN ($2)`,
    want: `SELECT "t".* FROM "t" LEFT JOIN x ON $n WHERE "t".id IN (...)`,
  },
  {
    name: "a prefetch of few columns, which distinguishes statements",
    text: `SELECT "t"."id" as "id", "t"."a" as "a" FROM "t" WHERE "t".id IN ($1)`,
    want: `SELECT "t"."id" as "id", "t"."a" as "a" FROM "t" WHERE "t".id IN (...)`,
  },
  { name: "names of savepoints", text: `SAVEPOINT "ada30bc4e5a111f1970c02fc00000001"`, want: "SAVEPOINT $n" },
  {
    name: "names of savepoints that are let go",
    text: `ROLLBACK TO SAVEPOINT "ada30bc4e5a111f1970c02fc00000001"`,
    want: "ROLLBACK TO SAVEPOINT $n",
  },
  { name: "white space and a closing semicolon", text: "\n  SELECT 1\n\t  FROM t ;", want: "SELECT 1 FROM t" },
])("$name", ({ text, want }) => {
  expect(normaliseStatement(text)).toBe(want);
});

test("the arguments of a call are not folded", () => {
  expect(normaliseStatement("SELECT coalesce($1, $2) FROM t")).toBe("SELECT coalesce($n, $n) FROM t");
});

test("a query inside a list is kept", () => {
  const text = "SELECT a FROM t WHERE id IN ((SELECT b FROM u))";
  expect(normaliseStatement(text)).toBe(text);
});

test("normalising a normalised text changes nothing", () => {
  const once = normaliseStatement(`UPDATE "t" SET "a"=$1 WHERE id IN ($2, $3) AND (x, y) IN (($4, $5), ($6, $7))`);
  expect(normaliseStatement(once)).toBe(once);
});
