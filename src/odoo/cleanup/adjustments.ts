import { z } from "zod";
import { idOf, manyToOne, searchRead } from "../search-read.ts";
import { adjustBack } from "./adjust-back.ts";
import { type CleanupArea, type CleanupWork, startsWithStamp } from "./cleanup-area.ts";
import { type CountedStock, countedStock, counterName, describeShortfalls, type Shortfall } from "./counted-stock.ts";
import { attempt, inChunks } from "./in-chunks.ts";
import { removeRecords } from "./remove-records.ts";
import { type Trace, idsToUndo } from "./trace.ts";

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
