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
])("Odoo $name: a run that was killed in mid-flight", ({ version }) => {
  beforeEach(() => shop.begin(version));

  test("leaves nothing but what cannot be undone", async () => {
    const cleaned = await shop.clean();
    expect(left(cleaned, false)).toEqual({});
    expect(left(cleaned, true)).toEqual(stays(version));
    // That of another run, and the one that was delivered: no cart of the public visitor is forgotten.
    expect(shop.run.tables.all("sale.order").map(({ name }) => name)).toEqual(["S1", "S13"]);
  });

  test("gives back the stock that its counts and waves changed", async () => {
    expect(stockOf(shop.run.tables)).toEqual({ 501: 688, 502: 1040 });
    await shop.clean();
    expect(stockOf(shop.run.tables)).toEqual({ 501: 1000, 502: 1000 });
  });

  test("gives an open picking of a wave back as it was", async () => {
    await shop.clean();
    const [picking] = shop.run.tables.find("stock.picking", [["name", "=", "OUT/6"]]);
    expect(picking).toMatchObject({ state: "assigned", batch_id: false });
    const unpicked = version.marksPicked ? { picked: false } : { qty_done: 0 };
    expect(shop.run.tables.find("stock.move.line", [["picking_id", "=", picking?.id]])).toMatchObject([unpicked]);
  });

  test("closes a till that was left open, without what Odoo could not process", async () => {
    await shop.clean();
    const sessions = shop.run.tables.all("pos.session").map(({ state }) => state);
    expect(sessions).toEqual(["closed", "closed", "closed"]);
    expect(shop.run.tables.all("pos.order").map(({ pos_reference, state }) => [pos_reference, state])).toEqual([
      [`${STAMP}so-1`, "done"],
      [`${STAMP}so-2`, "done"],
    ]);
    expect(shop.run.tables.find("stock.picking", [["name", "=", "POS/3"]])).toEqual([]);
  });

  test("a session of others stays open, though an order of the run came into it", async () => {
    const session = { name: "POS/00009", state: "opened", config_id: 9, move_id: false, opening_notes: false };
    const theirs = shop.run.tables.add("pos.session", session);
    shop.run.tables.add("pos.order", { pos_reference: `${STAMP}so-9`, state: "paid", session_id: theirs.id });
    const cleaned = await shop.clean();
    expect(shop.run.tables.get("pos.session", theirs.id)["state"]).toBe("opened");
    expect(left(cleaned, false)).toEqual({});
    expect(cleaned.kept.find(({ reason }) => reason === "paid in a session of others")).toMatchObject({ count: 1 });
  });

  test("an order whose answer was never read is found by its stamp", async () => {
    expect(shop.run.tables.find("sale.order", [["id", "=", shop.run.unseenOrder]])).toHaveLength(1);
    await shop.clean();
    expect(shop.run.tables.find("sale.order", [["id", "=", shop.run.unseenOrder]])).toEqual([]);
  });

  test("records of others stay as they are", async () => {
    await shop.clean();
    for (const { model, row } of shop.run.others) expect(shop.run.tables.get(model, row.id)).toEqual(row);
  });

  test("gives up nothing that Odoo would have done if asked rightly", async () => {
    await shop.clean();
    expect(shop.odoo.faults).toEqual([]);
  });

  test("counts that were handed over and not applied are forgotten", async () => {
    await shop.clean();
    const waiting = shop.run.tables.find("stock.quant", [["inventory_quantity_set", "=", true]]);
    expect(waiting.map((row) => row["product_id"])).toEqual([503]);
  });

  test("what names a record goes before it", async () => {
    await shop.clean();
    // A till's picking that failed is gone before; the last of each kind tells.
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

  test("is cleaned once: the second time writes nothing and finds the same", async () => {
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
])("Odoo $name: a cleanup that is killed", ({ version }) => {
  beforeEach(() => shop.begin(version));

  /** Every write is the last one once; in four parts, since each place means two cleanups of a fresh database. */
  test.each([0, 1, 2, 3])("goes on where it ended, wherever that was (part %i of 4)", async (part) => {
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

  test("by its own signal writes nothing more", async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(shop.clean({ signal: controller.signal })).rejects.toThrow(/abort/i);
    expect(shop.odoo.writes).toEqual([]);
  });
});
