import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CleanedArm } from "../../../src/domain/cleanup.ts";
import type { LedgerRecord } from "../../../src/domain/ledger.ts";
import { SCENARIO_NAMES, type ScenarioName } from "../../../src/domain/plan.ts";
import { cleanArm } from "../../../src/odoo/cleanup/clean-arm.ts";
import { type KilledRun, STAMP, killedRun } from "./killed-run.ts";
import { type StandIn, openStandIn } from "./stand-in-odoo.ts";
import { stockOf } from "./stand-in-stock.ts";
import { ODOO_14, ODOO_16, ODOO_17, ODOO_19, type StandInVersion } from "./stand-in-version.ts";

const quiet = { stage: () => {}, update: () => {}, note: () => {} };

let run: KilledRun;
let odoo: StandIn;

/** begin opens an Odoo of one version, as a killed run left it. */
async function begin(version: StandInVersion): Promise<void> {
  run = killedRun(version);
  odoo = await openStandIn(run.tables, version);
}

afterEach(() => odoo.close());

interface Changes {
  readonly scenarios?: readonly ScenarioName[];
  readonly ledger?: readonly LedgerRecord[];
  readonly signal?: AbortSignal;
}

function clean(changes: Changes = {}): Promise<CleanedArm> {
  return cleanArm({
    account: { baseUrl: odoo.baseUrl, database: "shop", login: "admin", password: "admin", invariantsDsn: null },
    loadedBy: "api",
    runId: "261121-0930-k3x",
    arm: "baseline",
    scenarios: SCENARIO_NAMES,
    sinceMs: Date.UTC(2026, 10, 20),
    ledger: [],
    signal: new AbortController().signal,
    progress: quiet,
    pauseMs: 0,
    ...changes,
  });
}

/** What is left of the run, model by model. */
function left(cleaned: CleanedArm, irreversible: boolean): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { model, count, irreversible: isKept } of cleaned.kept) {
    if (isKept === irreversible) counts[model] = (counts[model] ?? 0) + count;
  }
  return counts;
}

/** What stays of the run in killed-run.ts whatever is done: it was posted, delivered, applied or sent. */
const STAYS = {
  "mail.mail": 1,
  "payment.transaction": 1,
  "account.move": 1,
  "stock.picking.batch": 1,
  "stock.picking": 4,
  "sale.order": 1,
  "stock.inventory": 2,
  "stock.move": 4,
  "res.partner": 1,
  "mail.message": 1,
};

/** From 15 on a count is nothing but its moves, and from 18 on a payment need not be in the books. */
function stays({ countsQuants, paysWithoutEntry }: StandInVersion): Record<string, number> {
  const gone = [
    ...(countsQuants ? ["stock.inventory"] : []),
    ...(paysWithoutEntry ? ["payment.transaction", "account.move", "res.partner"] : []),
  ];
  return Object.fromEntries(Object.entries(STAYS).filter(([model]) => !gone.includes(model)));
}

describe.each([
  { name: "14", version: ODOO_14 },
  { name: "16", version: ODOO_16 },
  { name: "17", version: ODOO_17 },
  { name: "19", version: ODOO_19 },
])("Odoo $name: a run that was killed in mid-flight", ({ version }) => {
  beforeEach(() => begin(version));

  test("leaves nothing but what cannot be undone", async () => {
    const cleaned = await clean();
    expect(left(cleaned, false)).toEqual({});
    expect(left(cleaned, true)).toEqual(stays(version));
    // That of another run, and the one that was delivered: no cart of the public visitor is forgotten.
    expect(run.tables.all("sale.order").map(({ name }) => name)).toEqual(["S1", "S13"]);
  });

  test("gives back the stock that its counts and waves changed", async () => {
    expect(stockOf(run.tables)).toEqual({ 501: 694, 502: 1040 });
    await clean();
    expect(stockOf(run.tables)).toEqual({ 501: 1000, 502: 1000 });
  });

  test("gives an open picking of a wave back as it was", async () => {
    await clean();
    const [picking] = run.tables.find("stock.picking", [["name", "=", "OUT/6"]]);
    expect(picking).toMatchObject({ state: "assigned", batch_id: false });
    const unpicked = version.marksPicked ? { picked: false } : { qty_done: 0 };
    expect(run.tables.find("stock.move.line", [["picking_id", "=", picking?.id]])).toMatchObject([unpicked]);
  });

  test("an order whose answer was never read is found by its stamp", async () => {
    expect(run.tables.find("sale.order", [["id", "=", run.unseenOrder]])).toHaveLength(1);
    await clean();
    expect(run.tables.find("sale.order", [["id", "=", run.unseenOrder]])).toEqual([]);
  });

  test("records of others stay as they are", async () => {
    await clean();
    for (const { model, row } of run.others) expect(run.tables.get(model, row.id)).toEqual(row);
  });

  test("gives up nothing that Odoo would have done if asked rightly", async () => {
    await clean();
    expect(odoo.faults).toEqual([]);
  });

  test("counts that were handed over and not applied are forgotten", async () => {
    await clean();
    const waiting = run.tables.find("stock.quant", [["inventory_quantity_set", "=", true]]);
    expect(waiting.map((row) => row["product_id"])).toEqual([503]);
  });

  test("what names a record goes before it", async () => {
    await clean();
    const first = (call: string) => odoo.writes.indexOf(call);
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
    expect(order.map(first)).toEqual(order.map(first).sort((a, b) => a - b));
    expect(first("mail.mail.unlink")).toBe(0);
  });

  test("is cleaned once: the second time writes nothing and finds the same", async () => {
    const first = await clean();
    const writes = odoo.writes.length;
    const second = await clean();
    expect(odoo.writes.length).toBe(writes);
    expect(second.kept).toEqual(first.kept);
    expect(second.models).toEqual([]);
  });
});

describe.each([
  { name: "14", version: ODOO_14 },
  { name: "19", version: ODOO_19 },
])("Odoo $name: a cleanup that is killed", ({ version }) => {
  beforeEach(() => begin(version));

  /** Every write is the last one once; in four parts, since each place means two cleanups of a fresh database. */
  test.each([0, 1, 2, 3])("goes on where it ended, wherever that was (part %i of 4)", async (part) => {
    await clean();
    const writes = odoo.writes.length;
    expect(writes).toBeGreaterThan(20);
    for (let after = part; after < writes; after += 4) {
      await odoo.close();
      await begin(version);
      odoo.loseAnswersAfter(after);
      await expect(clean(), `after ${after} writes`).rejects.toMatchObject({ code: "cannot-measure" });
      odoo.loseAnswersAfter(Number.POSITIVE_INFINITY);
      const cleaned = await clean();
      expect({ after, left: left(cleaned, false), stays: left(cleaned, true) }).toEqual({ after, left: {}, stays: stays(version) });
      expect({ after, stock: stockOf(run.tables) }).toEqual({ after, stock: { 501: 1000, 502: 1000 } });
    }
  });

  test("by its own signal writes nothing more", async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(clean({ signal: controller.signal })).rejects.toThrow(/abort/i);
    expect(odoo.writes).toEqual([]);
  });
});

describe("before anything is written", () => {
  beforeEach(() => begin(ODOO_14));

  test.each([{ value: false as const }, { value: "no" }])("a database with the marker $value is refused", async ({ value }) => {
    odoo.setMarker(value);
    await expect(clean()).rejects.toMatchObject({ code: "usage" });
    expect(odoo.writes).toEqual([]);
  });

  test("missing rights are named, with the groups that have them", async () => {
    odoo.forbid("payment.transaction", "res.partner");
    await expect(clean()).rejects.toMatchObject({
      code: "cannot-measure",
      message: expect.stringMatching(/unlink res\.partner, unlink payment\.transaction; nothing was changed/),
      hint: expect.stringMatching(/Contact Creation, Administration: Settings/),
    });
    expect(odoo.writes).toEqual([]);
  });

  test("rights that the run's scenarios do not need are not asked for", async () => {
    odoo.forbid("payment.transaction", "res.partner", "stock.picking.batch");
    const cleaned = await clean({ scenarios: ["order-import"] });
    expect(left(cleaned, false)).toEqual({});
    expect(left(cleaned, true)).toMatchObject({ "sale.order": 1 });
  });

  test("an id that would match the records of others is refused", async () => {
    const account = { baseUrl: odoo.baseUrl, database: "shop", login: "a", password: "b", invariantsDsn: null };
    const rest = { loadedBy: "api", arm: "baseline" as const, scenarios: SCENARIO_NAMES, sinceMs: 0, ledger: [], progress: quiet };
    const request = { ...rest, account, runId: "%", signal: new AbortController().signal };
    await expect(cleanArm(request)).rejects.toMatchObject({ code: "usage" });
    expect(odoo.writes).toEqual([]);
  });
});

describe("what Odoo refuses", () => {
  beforeEach(() => begin(ODOO_14));

  test("is left, with Odoo's reason, and the rest is removed", async () => {
    odoo.refuse("sale.order.action_cancel", run.importedOrder, "The order is\nlocked.");
    const cleaned = await clean();
    expect(left(cleaned, false)).toEqual({ "sale.order": 1, "stock.picking": 1 });
    expect(cleaned.kept.find(({ model, irreversible }) => model === "sale.order" && !irreversible)).toMatchObject({
      reason: "Odoo refuses: The order is locked.",
    });
    // The history of a record that is left stays with it.
    const notes = run.tables.find("mail.message", [["model", "=", "sale.order"]]);
    expect(notes.map(({ res_id }) => res_id)).toEqual([run.importedOrder]);
    expect(left(cleaned, true)).toEqual(STAYS);
  });

  test("an order stays findable while a delivery of it cannot be deleted", async () => {
    const [picking] = run.tables.find("stock.picking", [["name", "=", "OUT/1"]]);
    odoo.refuse("stock.picking.unlink", picking?.id ?? 0, "no");
    expect(left(await clean(), false)).toEqual({ "sale.order": 1, "stock.picking": 1 });
  });

  test("stock that has gone elsewhere meanwhile is named", async () => {
    run.tables.add("stock.move", {
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
    const cleaned = await clean();
    expect(left(cleaned, false)).toEqual({ "stock.inventory": 2 });
    expect(cleaned.kept.find(({ irreversible }) => !irreversible)?.reason).toMatch(/product 502 lacks 30/);
    const writes = odoo.writes.length;
    const counts = run.tables.all("stock.inventory").length;
    await clean();
    expect(odoo.writes.length).toBeGreaterThan(writes);
    expect(run.tables.all("stock.inventory")).toHaveLength(counts);
  });
});

test("counts whose stock has gone elsewhere are named where counts are moves, too", async () => {
  await begin(ODOO_17);
  const places = { location_id: 8, location_dest_id: 9, origin_returned_move_id: false };
  run.tables.add("stock.move", { reference: "sold", state: "done", product_id: 502, product_qty: 1030, picking_id: false, ...places });
  const cleaned = await clean();
  expect(left(cleaned, false)).toEqual({ "stock.move": 1 });
  expect(cleaned.kept.find(({ irreversible }) => !irreversible)?.reason).toMatch(/product 502 lacks 30/);
});

test("a record of the ledger that bears another reference now is named and left alone", async () => {
  await begin(ODOO_14);
  run.tables.get("sale.order", run.importedOrder)["client_order_ref"] = "changed by hand";
  run.tables.get("sale.order", run.importedOrder)["origin"] = false;
  const entry = { runId: "261121-0930-k3x", arm: "baseline", scenario: "order-import", model: "sale.order", detail: {} } as const;
  const ledger: LedgerRecord[] = [{ ...entry, ledger: "created", id: run.importedOrder, ref: `${STAMP}oi-1` }];
  const cleaned = await clean({ ledger });
  expect(cleaned.notes).toEqual([
    `sale.order ${run.importedOrder} of the ledger no longer bears ${STAMP}oi-1: it was left alone`,
  ]);
  expect(run.tables.get("sale.order", run.importedOrder)).toMatchObject({ state: "sale" });
});
