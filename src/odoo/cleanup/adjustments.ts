import { z } from "zod";

import { idOf, manyToOne, searchRead } from "../connection/session.ts";
import { type CleanupArea, type CleanupWork, idsToUndo, startsWithStamp, type Trace } from "./cleanup-area.ts";
import { type CountedStock, countedStock, counterName, describeShortfalls, type Shortfall } from "./counted-stock.ts";
import { attempt, inChunks, refuseWindow, removeRecords } from "./undo.ts";

const MODEL = "stock.inventory";
const MOVE = "stock.move";
/** Where the stock of a product at a location stands. */
const QUANT = "stock.quant";

/** Products taken back by one count: each line costs Odoo some ten statements. */
const PRODUCTS_AT_ONCE = 50;

const inventory = z.object({ id: z.number(), name: z.string(), state: z.string() });

type Inventory = z.infer<typeof inventory>;

/** adjustments are the counts of an Odoo that has inventory adjustments, each a record of its own with the stamp in its name. */
export const adjustments: Pick<CleanupArea, "scan" | "clear"> = {
  async scan(work) {
    const found = await findInventories(work);
    const outstanding = await readAdjusted(work);
    return [...found.map((one) => traceOf(one, { outstanding, stamp: work.stamp })), ...(await findMoves(work))];
  },
  async clear(work, found) {
    const ids = new Set(idsToUndo(found, MODEL));
    const open = (await findInventories(work)).filter(({ id, state }) => ids.has(id) && state !== "done");
    await removeUnapplied(work, open);
    await takeBack(work);
  },
};

async function findInventories(work: CleanupWork): Promise<readonly Inventory[]> {
  const search = { model: MODEL, domain: [["name", "=like", startsWithStamp(work)]], fields: ["name", "state"] };
  return searchRead(work.session, search, inventory);
}

async function findMoves(work: CleanupWork): Promise<readonly Trace[]> {
  const domain = [
    ["inventory_id.name", "=like", startsWithStamp(work)],
    ["state", "=", "done"],
  ];
  const shape = z.object({ id: z.number(), reference: z.string() });
  const found = await searchRead(work.session, { model: MOVE, domain, fields: ["reference"] }, shape);
  return found.map(({ id, reference }) => ({ model: MOVE, id, name: reference, irreversible: "done" }));
}

function traceOf(
  { id, name, state }: Inventory,
  { outstanding, stamp }: { readonly outstanding: readonly CountedStock[]; readonly stamp: string },
): Trace {
  const isOver = state === "done" && outstanding.length === 0;
  const why = name === counterName(stamp) ? "applied, took counts back" : "applied, stock counted back";
  return { model: MODEL, id, name, irreversible: isOver ? why : null };
}

/** Only drafts can be deleted; one that was begun becomes a draft again. */
async function removeUnapplied(work: CleanupWork, open: readonly Inventory[]): Promise<void> {
  const begun = open.filter(({ state }) => state === "confirm").map(({ id }) => id);
  // The method returns nothing.
  await inChunks(work, { model: MODEL, ids: begun }, (chunk) =>
    work.session.call({ model: MODEL, method: "action_cancel_draft", args: [chunk] }, z.unknown()),
  );
  await removeRecords(
    work,
    MODEL,
    open.map(({ id }) => id),
  );
}

async function takeBack(work: CleanupWork): Promise<void> {
  const outstanding = await readAdjusted(work);
  const applied = (await findInventories(work)).filter(({ state }) => state === "done").map(({ id }) => id);
  for (let from = 0; from < outstanding.length; from += PRODUCTS_AT_ONCE) {
    const part = outstanding.slice(from, from + PRODUCTS_AT_ONCE);
    const short: Shortfall[] = [];
    const isDone = await attempt(work, { model: MODEL, ids: applied }, async () => {
      short.push(...(await adjustBack(work, part)));
    });
    if (short.length > 0) work.tally.refuse(MODEL, applied, describeShortfalls(short));
    if (isDone) work.tally.add(QUANT, "reversed", part.length - short.length);
  }
}

const group = z.object({
  product_id: manyToOne,
  location_id: manyToOne,
  location_dest_id: manyToOne,
  product_qty: z.number(),
});

async function readAdjusted(work: CleanupWork): Promise<readonly CountedStock[]> {
  const domain = [
    ["inventory_id.name", "=like", startsWithStamp(work)],
    ["state", "=", "done"],
  ];
  const args = [domain, ["product_qty:sum"], ["product_id", "location_id", "location_dest_id"]];
  const call = { model: MOVE, method: "read_group", args, kwargs: { lazy: false } };
  const groups = await work.session.call(call, z.array(group));
  const moved = groups.map(({ product_id, location_id, location_dest_id, product_qty }) => ({
    productId: idOf(product_id),
    fromId: idOf(location_id),
    toId: idOf(location_dest_id),
    quantity: product_qty,
  }));
  return countedStock(work, moved);
}

const LINE = "stock.inventory.line";

const lineShape = z.object({ id: z.number(), product_id: manyToOne, location_id: manyToOne, theoretical_qty: z.number() });

/**
 * adjustBack takes back what the counts of a run changed, by a count of its own that bears the run's stamp. It states what is
 * there now less what the run changed, and not the figure from before the run: what others have moved meanwhile stays moved.
 */
export async function adjustBack(work: CleanupWork, counted: readonly CountedStock[]): Promise<readonly Shortfall[]> {
  const { session, stamp } = work;
  const lines = counted.map(({ productId, locationId }) => [0, 0, { product_id: productId, location_id: locationId }]);
  const values = {
    name: counterName(stamp),
    location_ids: [[6, 0, [...new Set(counted.map(({ locationId }) => locationId))]]],
    product_ids: [[6, 0, [...new Set(counted.map(({ productId }) => productId))]]],
    line_ids: lines,
  };
  const id = await session.call({ model: MODEL, method: "create", args: [values] }, z.number());
  // Odoo has noted with each line how much is there: its move will be the difference to that.
  const fields = ["product_id", "location_id", "theoretical_qty"];
  const made = await searchRead(session, { model: LINE, domain: [["inventory_id", "=", id]], fields }, lineShape);
  const targets = made.map((line) => ({ ...line, target: line.theoretical_qty - changeOf(line, counted) }));
  const [possible, short] = [targets.filter(({ target }) => target >= 0), targets.filter(({ target }) => target < 0)];
  if (possible.length === 0) {
    await session.call({ model: MODEL, method: "unlink", args: [[id]] }, z.literal(true));
    return short.map(toShortfall);
  }
  const commands = [
    ...possible.map(({ id: line, target }) => [1, line, { product_qty: target }]),
    ...short.map(({ id: line }) => [2, line, 0]),
  ];
  await session.call({ model: MODEL, method: "write", args: [[id], { line_ids: commands }] }, z.literal(true));
  // Starting answers with the window that a person would see next.
  await session.call({ model: MODEL, method: "action_start", args: [[id]] }, z.unknown());
  refuseWindow(await session.call({ model: MODEL, method: "action_validate", args: [[id]] }, z.unknown()), "taking counts back");
  return short.map(toShortfall);
}

type Line = z.infer<typeof lineShape>;

function changeOf({ product_id, location_id }: Line, counted: readonly CountedStock[]): number {
  const own = counted.find(({ productId, locationId }) => productId === idOf(product_id) && locationId === idOf(location_id));
  return own?.change ?? 0;
}

function toShortfall({ product_id, target }: Line & { readonly target: number }): Shortfall {
  return { productId: idOf(product_id) ?? 0, missing: -target };
}
