import { beforeEach, describe, expect, test } from "vitest";

import type { LedgerRecord } from "../../../src/domain/load/ledger.ts";
import { SCENARIO_NAMES } from "../../../src/domain/load/plan.ts";
import { cleanArm } from "../../../src/odoo/cleanup/clean-arm.ts";
import { STAMP } from "./killed-run.ts";
import { left, quiet, STAYS, useShop } from "./killed-shop.ts";
import { ODOO_14, ODOO_17 } from "./stand-in-version.ts";

const shop = useShop();

describe("before anything is written", () => {
  beforeEach(() => shop.begin(ODOO_14));

  test.each([{ value: false as const }, { value: "no" }])("a database with the marker $value is refused", async ({ value }) => {
    shop.odoo.setMarker(value);
    await expect(shop.clean()).rejects.toMatchObject({ code: "usage" });
    expect(shop.odoo.writes).toEqual([]);
  });

  test("missing rights are reported with the groups that grant them", async () => {
    shop.odoo.forbid("payment.transaction", "res.partner");
    await expect(shop.clean()).rejects.toMatchObject({
      code: "cannot-measure",
      message: expect.stringMatching(/unlink res\.partner, unlink payment\.transaction; nothing was changed/),
      hint: expect.stringMatching(/Contact Creation, Administration: Settings/),
    });
    expect(shop.odoo.writes).toEqual([]);
  });

  test("rights that the scenarios of the run do not need are not required", async () => {
    shop.odoo.forbid("payment.transaction", "res.partner", "stock.picking.batch");
    const cleaned = await shop.clean({ scenarios: ["order-import"] });
    expect(left(cleaned, false)).toEqual({});
    expect(left(cleaned, true)).toMatchObject({ "sale.order": 1 });
  });

  test("a run id that would match records of other runs is refused", async () => {
    const account = { baseUrl: shop.odoo.baseUrl, database: "shop", login: "a", password: "b", invariantsDsn: null };
    const rest = {
      loadedBy: "api",
      arm: "baseline" as const,
      scenarios: SCENARIO_NAMES,
      sinceMs: 0,
      ledger: [],
      progress: quiet,
    };
    const request = { ...rest, account, runId: "%", signal: new AbortController().signal };
    await expect(cleanArm(request)).rejects.toMatchObject({ code: "usage" });
    expect(shop.odoo.writes).toEqual([]);
  });
});

describe("a record that Odoo refuses to undo", () => {
  beforeEach(() => shop.begin(ODOO_14));

  test("stays with Odoo's reason, and all other records are removed", async () => {
    shop.odoo.refuse("sale.order.action_cancel", shop.run.importedOrder, "The order is\nlocked.");
    const cleaned = await shop.clean();
    expect(left(cleaned, false)).toEqual({ "sale.order": 1, "stock.picking": 1 });
    expect(cleaned.kept.find(({ model, irreversible }) => model === "sale.order" && !irreversible)).toMatchObject({
      reason: "Odoo refuses: The order is locked.",
    });
    // The messages of a record that stays also stay.
    const notes = shop.run.tables.find("mail.message", [["model", "=", "sale.order"]]);
    expect(notes.map(({ res_id }) => res_id)).toEqual([shop.run.importedOrder]);
    expect(left(cleaned, true)).toEqual(STAYS);
  });

  test("an order stays if one of its deliveries cannot be deleted", async () => {
    const [picking] = shop.run.tables.find("stock.picking", [["name", "=", "OUT/1"]]);
    shop.odoo.refuse("stock.picking.unlink", picking?.id ?? 0, "no");
    expect(left(await shop.clean(), false)).toEqual({ "sale.order": 1, "stock.picking": 1 });
  });

  test("stock that was moved elsewhere in the meantime is reported", async () => {
    shop.run.tables.add("stock.move", {
      name: "sold",
      state: "done",
      product_id: 502,
      product_qty: 1030,
      inventory_id: false,
      picking_id: false,
      location_id: 8,
      location_dest_id: 9,
      origin_returned_move_id: false,
    });
    const cleaned = await shop.clean();
    expect(left(cleaned, false)).toEqual({ "stock.inventory": 2 });
    expect(cleaned.kept.find(({ irreversible }) => !irreversible)?.reason).toMatch(/product 502 lacks 30/);
    const writes = shop.odoo.writes.length;
    const counts = shop.run.tables.all("stock.inventory").length;
    await shop.clean();
    expect(shop.odoo.writes.length).toBeGreaterThan(writes);
    expect(shop.run.tables.all("stock.inventory")).toHaveLength(counts);
  });
});

test("quant counts whose stock was moved elsewhere are reported too", async () => {
  await shop.begin(ODOO_17);
  const places = { location_id: 8, location_dest_id: 9, origin_returned_move_id: false };
  shop.run.tables.add("stock.move", {
    reference: "sold",
    state: "done",
    product_id: 502,
    product_qty: 1030,
    picking_id: false,
    ...places,
  });
  const cleaned = await shop.clean();
  expect(left(cleaned, false)).toEqual({ "stock.move": 1 });
  expect(cleaned.kept.find(({ irreversible }) => !irreversible)?.reason).toMatch(/product 502 lacks 30/);
});

test("a record of the ledger with a changed reference is reported and not changed", async () => {
  await shop.begin(ODOO_14);
  shop.run.tables.get("sale.order", shop.run.importedOrder)["client_order_ref"] = "changed by hand";
  shop.run.tables.get("sale.order", shop.run.importedOrder)["origin"] = false;
  const entry = { runId: "261121-0930-k3x", arm: "baseline", scenario: "order-import", model: "sale.order", detail: {} } as const;
  const ledger: LedgerRecord[] = [{ ...entry, ledger: "created", id: shop.run.importedOrder, ref: `${STAMP}oi-1` }];
  const cleaned = await shop.clean({ ledger });
  expect(cleaned.notes).toEqual([
    `sale.order ${shop.run.importedOrder} of the ledger no longer bears ${STAMP}oi-1: the record was not changed`,
  ]);
  expect(shop.run.tables.get("sale.order", shop.run.importedOrder)).toMatchObject({ state: "sale" });
});
