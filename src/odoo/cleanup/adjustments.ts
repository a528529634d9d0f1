import { z } from "zod";

import { idOf, manyToOne, searchRead } from "../connection/session.ts";
import { type CleanupArea, type CleanupWork, idsToUndo, startsWithStamp, type Trace } from "./cleanup-area.ts";
import { type CountedStock, countedStock, describeShortfalls, reversalName, type Shortfall } from "./counted-stock.ts";
import { attempt, inChunks, refuseWindow, removeRecords } from "./undo.ts";

const MODEL = "stock.inventory";
const LINE = "stock.inventory.line";
const MOVE = "stock.move";
const QUANT = "stock.quant";

/** Products per reversing count: each line costs Odoo about ten statements. */
const PRODUCTS_AT_ONCE = 50;

const inventoryShape = z.object({ id: z.number(), name: z.string(), state: z.string() });
const moveShape = z.object({ id: z.number(), reference: z.string() });
const groupShape = z.object({
  product_id: manyToOne,
  location_id: manyToOne,
  location_dest_id: manyToOne,
  product_qty: z.number(),
});
const lineShape = z.object({ id: z.number(), product_id: manyToOne, location_id: manyToOne, theoretical_qty: z.number() });

type Inventory = z.infer<typeof inventoryShape>;
type Line = z.infer<typeof lineShape>;

/** adjustments cleans up counts of a server with inventory adjustments. Each count is a record with the stamp in its name. */
export const adjustments: Pick<CleanupArea, "scan" | "clear"> = {
  async scan(work) {
    const found = await findInventories(work);
    const outstanding = await readOutstanding(work);
    return [...found.map((one) => traceOf(one, { outstanding, stamp: work.stamp })), ...(await findMoves(work))];
  },
  async clear(work, found) {
    const ids = new Set(idsToUndo(found, MODEL));
    const open = (await findInventories(work)).filter(({ id, state }) => ids.has(id) && state !== "done");
    await removeUnapplied(work, open);
    await reverseApplied(work);
  },
};

async function findInventories(work: CleanupWork): Promise<readonly Inventory[]> {
  const search = { model: MODEL, domain: [["name", "=like", startsWithStamp(work)]], fields: ["name", "state"] };
  return searchRead(work.session, search, inventoryShape);
}

async function findMoves(work: CleanupWork): Promise<readonly Trace[]> {
  const found = await searchRead(work.session, { model: MOVE, domain: movesOf(work), fields: ["reference"] }, moveShape);
  return found.map(({ id, reference }) => ({ model: MOVE, id, name: reference, irreversible: "done" }));
}

/** readOutstanding returns the stock changes of the run's counts that are still to be reversed. */
async function readOutstanding(work: CleanupWork): Promise<readonly CountedStock[]> {
  const args = [movesOf(work), ["product_qty:sum"], ["product_id", "location_id", "location_dest_id"]];
  const call = { model: MOVE, method: "read_group", args, kwargs: { lazy: false } };
  return countedStock(work, await work.session.call(call, z.array(groupShape)));
}

/** movesOf is the domain of the done moves of the run's counts. */
function movesOf(work: CleanupWork): readonly unknown[] {
  return [
    ["inventory_id.name", "=like", startsWithStamp(work)],
    ["state", "=", "done"],
  ];
}

function traceOf(
  { id, name, state }: Inventory,
  { outstanding, stamp }: { readonly outstanding: readonly CountedStock[]; readonly stamp: string },
): Trace {
  const isFinished = state === "done" && outstanding.length === 0;
  const why = name === reversalName(stamp) ? "applied, reversed other counts" : "applied, stock change reversed";
  return { model: MODEL, id, name, irreversible: isFinished ? why : null };
}

/**
 * removeUnapplied deletes counts that were not applied. Odoo deletes only drafts; a started count is made a draft again first.
 */
async function removeUnapplied(work: CleanupWork, open: readonly Inventory[]): Promise<void> {
  const started = open.filter(({ state }) => state === "confirm").map(({ id }) => id);
  // The method returns nothing.
  await inChunks(work, { model: MODEL, ids: started }, (chunk) =>
    work.session.call({ model: MODEL, method: "action_cancel_draft", args: [chunk] }, z.unknown()),
  );
  const ids = open.map(({ id }) => id);
  await removeRecords(work, MODEL, ids);
}

async function reverseApplied(work: CleanupWork): Promise<void> {
  const outstanding = await readOutstanding(work);
  const applied = (await findInventories(work)).filter(({ state }) => state === "done").map(({ id }) => id);
  for (let from = 0; from < outstanding.length; from += PRODUCTS_AT_ONCE) {
    const part = outstanding.slice(from, from + PRODUCTS_AT_ONCE);
    const shortfalls: Shortfall[] = [];
    const isDone = await attempt(work, { model: MODEL, ids: applied }, async () => {
      shortfalls.push(...(await reverse(work, part)));
    });
    if (shortfalls.length > 0) work.tally.refuse(MODEL, applied, describeShortfalls(shortfalls));
    if (isDone) work.tally.add(QUANT, "reversed", part.length - shortfalls.length);
  }
}

/**
 * reverse reverses the stock changes of a run's counts with a new count that bears the run's stamp. The new count states the
 * current quantity less the change of the run, and not the quantity before the run, so that later moves of others remain.
 */
async function reverse(work: CleanupWork, counted: readonly CountedStock[]): Promise<readonly Shortfall[]> {
  const { session, stamp } = work;
  const values = {
    name: reversalName(stamp),
    location_ids: [[6, 0, [...new Set(counted.map(({ locationId }) => locationId))]]],
    product_ids: [[6, 0, [...new Set(counted.map(({ productId }) => productId))]]],
    line_ids: counted.map(({ productId, locationId }) => [0, 0, { product_id: productId, location_id: locationId }]),
  };
  const id = await session.call({ model: MODEL, method: "create", args: [values] }, z.number());
  // Odoo sets the current quantity of each line. The move of the line will be the difference to it.
  const fields = ["product_id", "location_id", "theoretical_qty"];
  const lines = await searchRead(session, { model: LINE, domain: [["inventory_id", "=", id]], fields }, lineShape);
  const targets = lines.map((line) => ({ ...line, target: line.theoretical_qty - changeOf(line, counted) }));
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
  // The method returns the window that the user interface opens next.
  await session.call({ model: MODEL, method: "action_start", args: [[id]] }, z.unknown());
  refuseWindow(await session.call({ model: MODEL, method: "action_validate", args: [[id]] }, z.unknown()), "reversing counts");
  return short.map(toShortfall);
}

function changeOf({ product_id, location_id }: Line, counted: readonly CountedStock[]): number {
  const own = counted.find(({ productId, locationId }) => productId === idOf(product_id) && locationId === idOf(location_id));
  return own?.change ?? 0;
}

function toShortfall({ product_id, target }: Line & { readonly target: number }): Shortfall {
  return { productId: idOf(product_id) ?? 0, missing: -target };
}
