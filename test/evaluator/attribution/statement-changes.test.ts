import { expect, test } from "vitest";
import { tablesOf } from "../../../src/evaluator/attribution/statement-changes.ts";

test.each([
  [`SELECT "a".id FROM "sale_order" AS a LEFT JOIN "sale_order_line" l ON l.order_id = a.id`, ["sale_order", "sale_order_line"]],
  [`UPDATE "stock_quant" SET "quantity"=$n WHERE id IN (...)`, ["stock_quant"]],
  [`INSERT INTO "mail_message" (...) SELECT * FROM "mail_template"`, ["mail_message", "mail_template"]],
  [`SELECT id FROM ir_sequence WHERE id=$n FOR UPDATE NOWAIT`, ["ir_sequence"]],
  [`INSERT INTO t (a) VALUES ($n) ON CONFLICT DO UPDATE SET a = $n`, ["t"]],
  [`SELECT EXTRACT(epoch FROM now()) FROM (SELECT 1 FROM b) x`, ["b"]],
  ["SELECT 1", []],
])("%s names its tables", (statement, tables) => {
  expect(tablesOf(statement)).toEqual(tables);
});
