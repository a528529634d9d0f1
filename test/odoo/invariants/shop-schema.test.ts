import { describe, expect, test } from "vitest";

import { shopSchema } from "../../../src/odoo/invariants/shop-schema.ts";
import { COLUMNS_BY_VERSION } from "./columns-by-version.ts";

function schemaOf(version: string) {
  return shopSchema(COLUMNS_BY_VERSION[version] ?? new Set());
}

/** A dozen has the factor 1/12 up to 18 and 12 from 19 on. 2 dozens are 24 units in both cases. */
describe.each([
  { version: "14", dozen: 1 / 12 },
  { version: "18", dozen: 1 / 12 },
  { version: "19", dozen: 12 },
])("Odoo $version", ({ version, dozen }) => {
  test("converts a quantity from one unit to another", () => {
    const sql = schemaOf(version).unitConversion("quantity", { from: "dozen", to: "unit" });
    expect(calculate(sql, { quantity: 2, "dozen.factor": dozen, "unit.factor": 1 })).toBeCloseTo(24, 9);
  });
});

/** calculate evaluates `a / b * c` from left to right, as SQL does. */
function calculate(sql: string, values: Readonly<Record<string, number>>): number {
  const [first = "", ...rest] = sql.split(" ");
  let result = values[first] ?? Number.NaN;
  for (let at = 0; at < rest.length; at += 2) {
    const value = values[rest[at + 1] ?? ""] ?? Number.NaN;
    result = rest[at] === "*" ? result * value : result / value;
  }
  return result;
}

test.each([
  { version: "14", done: "l.qty_done / lu.factor * pu.factor", reserved: "l.product_qty", moved: "m.product_uom_qty" },
  { version: "15", done: "l.qty_done / lu.factor * pu.factor", reserved: "l.product_qty", moved: "m.product_uom_qty" },
  { version: "16", done: "l.qty_done / lu.factor * pu.factor", reserved: "l.reserved_qty", moved: "m.product_uom_qty" },
  { version: "17", done: "l.quantity_product_uom", reserved: "l.quantity_product_uom", moved: "m.quantity" },
  { version: "19", done: "l.quantity_product_uom", reserved: "l.quantity_product_uom", moved: "m.quantity" },
])("Odoo $version keeps done quantities in $done, reserved ones in $reserved", ({ version, done, reserved, moved }) => {
  const { doneQuantity, reservedQuantity, movedQuantity } = schemaOf(version);
  expect({ doneQuantity, reservedQuantity, movedQuantity }).toEqual({
    doneQuantity: done,
    reservedQuantity: reserved,
    movedQuantity: moved,
  });
});

test("columns that an upgrade left behind are ignored", () => {
  const all = new Set(Object.values(COLUMNS_BY_VERSION).flatMap((columns) => [...columns]));
  const { scrappedMove: _left, ...left } = shopSchema(all);
  const { scrappedMove: _new, ...newest } = schemaOf("19");
  expect(JSON.stringify(left)).toBe(JSON.stringify(newest));
  const units = { from: "a", to: "b" };
  expect(shopSchema(all).unitConversion("q", units)).toBe(schemaOf("19").unitConversion("q", units));
});
