import { z } from "zod";
import { searchRead } from "../search-read.ts";
import { type CleanupArea, type CleanupWork, startsWithStamp } from "./cleanup-area.ts";
import { countBack, counterName } from "./count-back.ts";
import { attempt, inChunks } from "./in-chunks.ts";
import { type CountedStock, readCounted } from "./read-counted.ts";
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

/** counts are the stock syncs. One that was applied stays, with its moves; its effect on the stock is counted back. */
export const counts: CleanupArea = {
  label: "counts",
  scenarios: ["stock-sync"],
  async scan(work) {
    const found = await findInventories(work);
    const outstanding = await readCounted(work);
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
  const shape = z.object({ id: z.number(), name: z.string() });
  const found = await searchRead(work.session, { model: MOVE, domain, fields: ["name"] }, shape);
  return found.map(({ id, name }) => ({ model: MOVE, id, name, irreversible: "done" }));
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
  const outstanding = await readCounted(work);
  const applied = (await findInventories(work)).filter(({ state }) => state === "done").map(({ id }) => id);
  for (let from = 0; from < outstanding.length; from += PRODUCTS_AT_ONCE) {
    const part = outstanding.slice(from, from + PRODUCTS_AT_ONCE);
    const short: string[] = [];
    const isDone = await attempt(work, { model: MODEL, ids: applied }, async () => {
      for (const { productId, missing } of await countBack(work, part)) short.push(`product ${productId} lacks ${missing}`);
    });
    if (short.length > 0) work.tally.refuse(MODEL, applied, `too little is left to take back: ${short.slice(0, 5).join(", ")}`);
    if (isDone) work.tally.add(QUANT, "reversed", part.length - short.length);
  }
}
