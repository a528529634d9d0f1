import { beforeEach, describe, expect, test } from "vitest";
import { STAMP } from "./killed-run.ts";
import { left, stays, useShop } from "./killed-shop.ts";
import { stockOf } from "./stand-in-stock.ts";
import { ODOO_14, ODOO_16, ODOO_17, ODOO_19 } from "./stand-in-version.ts";

const shop = useShop();

describe.each([
  { name: "14", version: ODOO_14 },
  { name: "16", version: ODOO_16 },
  { name: "17", version: ODOO_17 },
  { name: "19", version: ODOO_19 },
])("Odoo $name: the cleanup of a killed run", ({ version }) => {
  beforeEach(() => shop.begin(version));

  test("leaves only records that cannot be undone", async () => {
    const cleaned = await shop.clean();
    expect(left(cleaned, false)).toEqual({});
    expect(left(cleaned, true)).toEqual(stays(version));
    // The order of another run and the delivered order; the cart of the public visitor is removed.
    expect(shop.run.tables.all("sale.order").map(({ name }) => name)).toEqual(["S1", "S13"]);
  });

  test("restores the stock that counts and waves changed", async () => {
    expect(stockOf(shop.run.tables)).toEqual({ 501: 688, 502: 1040 });
    await shop.clean();
    expect(stockOf(shop.run.tables)).toEqual({ 501: 1000, 502: 1000 });
  });

  test("restores an open picking of a wave", async () => {
    await shop.clean();
    const [picking] = shop.run.tables.find("stock.picking", [["name", "=", "OUT/6"]]);
    expect(picking).toMatchObject({ state: "assigned", batch_id: false });
    const unpicked = version.marksPicked ? { picked: false } : { qty_done: 0 };
    expect(shop.run.tables.find("stock.move.line", [["picking_id", "=", picking?.id]])).toMatchObject([unpicked]);
  });

  test("closes an open till session and removes the order that Odoo could not process", async () => {
    await shop.clean();
    const sessions = shop.run.tables.all("pos.session").map(({ state }) => state);
    expect(sessions).toEqual(["closed", "closed", "closed"]);
    expect(shop.run.tables.all("pos.order").map(({ pos_reference, state }) => [pos_reference, state])).toEqual([
      [`${STAMP}so-1`, "done"],
      [`${STAMP}so-2`, "done"],
    ]);
    expect(shop.run.tables.find("stock.picking", [["name", "=", "POS/3"]])).toEqual([]);
  });

  test("does not close a session of another user that contains an order of the run", async () => {
    const session = { name: "POS/00009", state: "opened", config_id: 9, move_id: false, opening_notes: false };
    const theirs = shop.run.tables.add("pos.session", session);
    shop.run.tables.add("pos.order", { pos_reference: `${STAMP}so-9`, state: "paid", session_id: theirs.id });
    const cleaned = await shop.clean();
    expect(shop.run.tables.get("pos.session", theirs.id)["state"]).toBe("opened");
    expect(left(cleaned, false)).toEqual({});
    expect(cleaned.kept.find(({ reason }) => reason === "paid in a session of another user")).toMatchObject({ count: 1 });
  });

  test("finds an order by its stamp if its answer was never read", async () => {
    expect(shop.run.tables.find("sale.order", [["id", "=", shop.run.unseenOrder]])).toHaveLength(1);
    await shop.clean();
    expect(shop.run.tables.find("sale.order", [["id", "=", shop.run.unseenOrder]])).toEqual([]);
  });

  test("does not change records of others", async () => {
    await shop.clean();
    for (const { model, row } of shop.run.others) expect(shop.run.tables.get(model, row.id)).toEqual(row);
  });

  test("makes no call that Odoo refuses", async () => {
    await shop.clean();
    expect(shop.odoo.faults).toEqual([]);
  });

  test("clears counts that were not applied", async () => {
    await shop.clean();
    const waiting = shop.run.tables.find("stock.quant", [["inventory_quantity_set", "=", true]]);
    expect(waiting.map((row) => row["product_id"])).toEqual([503]);
  });

  test("removes a record before the records that it refers to", async () => {
    await shop.clean();
    // The failed picking of a till is removed earlier, so the last call of each kind is compared.
    const last = (call: string) => shop.odoo.writes.lastIndexOf(call);
    const order = [
      "mail.mail.unlink",
      "payment.transaction.unlink",
      "payment.token.unlink",
      "stock.picking.batch.unlink",
      "stock.return.picking.create",
      "sale.order.action_cancel",
      "stock.picking.unlink",
      "sale.order.unlink",
      "res.partner.unlink",
    ];
    expect(order.map(last)).toEqual(order.map(last).sort((a, b) => a - b));
    expect(shop.odoo.writes[0]).toBe("mail.mail.unlink");
  });

  test("writes nothing the second time and finds the same records", async () => {
    const first = await shop.clean();
    const writes = shop.odoo.writes.length;
    const second = await shop.clean();
    expect(shop.odoo.writes.length).toBe(writes);
    expect(second.kept).toEqual(first.kept);
    expect(second.models).toEqual([]);
  });
});

describe.each([
  { name: "14", version: ODOO_14 },
  { name: "19", version: ODOO_19 },
])("Odoo $name: a killed cleanup", ({ version }) => {
  beforeEach(() => shop.begin(version));

  /** Each write is the last write once. Each position needs two cleanups of a new database, so the test has four parts. */
  test.each([0, 1, 2, 3])("continues after any write (part %i of 4)", async (part) => {
    await shop.clean();
    const writes = shop.odoo.writes.length;
    expect(writes).toBeGreaterThan(20);
    for (let after = part; after < writes; after += 4) {
      await shop.odoo.close();
      await shop.begin(version);
      shop.odoo.loseAnswersAfter(after);
      await expect(shop.clean(), `after ${after} writes`).rejects.toMatchObject({ code: "cannot-measure" });
      shop.odoo.loseAnswersAfter(Number.POSITIVE_INFINITY);
      const cleaned = await shop.clean();
      expect({ after, left: left(cleaned, false), stays: left(cleaned, true) }).toEqual({
        after,
        left: {},
        stays: stays(version),
      });
      expect({ after, stock: stockOf(shop.run.tables) }).toEqual({ after, stock: { 501: 1000, 502: 1000 } });
    }
  });

  test("writes nothing after its abort signal", async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(shop.clean({ signal: controller.signal })).rejects.toThrow(/abort/i);
    expect(shop.odoo.writes).toEqual([]);
  });
});
