import { z } from "zod";

import { idOf, manyToOne, searchRead } from "../connection/session.ts";
import { type CleanupArea, type CleanupWork, idsToUndo, startsWithStamp, type Trace } from "./cleanup-area.ts";
import { type CountedStock, countedStock, describeShortfalls, reversalName } from "./counted-stock.ts";
import { attempt, inChunks } from "./undo.ts";

const MOVE = "stock.move";
const QUANT = "stock.quant";

const moveShape = z.object({
  id: z.number(),
  reference: z.string(),
  product_id: manyToOne,
  location_id: manyToOne,
  location_dest_id: manyToOne,
  product_qty: z.number(),
});
const waitingShape = z.object({ id: z.number(), product_id: manyToOne });
const quantShape = z.object({ id: z.number(), quantity: z.number() });

type Move = z.infer<typeof moveShape>;

/**
 * quantCounts cleans up counts of a server that writes counts to the quants. An applied count leaves only its stock moves, whose
 * reference is the name of the count. A count that was entered but not applied is stored in its quant, which has no field for a
 * stamp; the user of the load and the time identify it.
 */
export const quantCounts: Pick<CleanupArea, "scan" | "clear"> = {
  async scan(work) {
    const moves = await findMoves(work);
    const outstanding = await countedStock(work, moves);
    return [...(await findWaiting(work)), ...moves.map((move) => traceOf(move, { outstanding, stamp: work.stamp }))];
  },
  async clear(work, found) {
    await clearWaiting(work, idsToUndo(found, QUANT));
    if (idsToUndo(found, MOVE).length === 0) return;
    const moves = await findMoves(work);
    for (const counted of await countedStock(work, moves)) {
      const ids = moves.filter((move) => isOf(move, counted)).map(({ id }) => id);
      await reverse(work, { model: MOVE, ids }, counted);
    }
  },
};

function findMoves({ session, stamp }: CleanupWork): Promise<readonly Move[]> {
  const domain = [
    ["is_inventory", "=", true],
    ["reference", "=like", startsWithStamp({ stamp })],
    ["state", "=", "done"],
  ];
  const fields = ["reference", "product_id", "location_id", "location_dest_id", "product_qty"];
  return searchRead(session, { model: MOVE, domain, fields }, moveShape);
}

/** findWaiting finds counts that were entered but not applied. */
async function findWaiting({ session, since, loadedBy }: CleanupWork): Promise<readonly Trace[]> {
  const domain = [
    ["inventory_quantity_set", "=", true],
    ["write_uid.login", "=", loadedBy],
    ["write_date", ">=", since],
  ];
  const found = await searchRead(session, { model: QUANT, domain, fields: ["product_id"] }, waitingShape);
  return found.map(({ id, product_id }) => {
    const name = `count of ${product_id === false ? `quant ${id}` : product_id[1]}`;
    return { model: QUANT, id, name, irreversible: null };
  });
}

function traceOf(
  move: Move,
  { outstanding, stamp }: { readonly outstanding: readonly CountedStock[]; readonly stamp: string },
): Trace {
  const { id, reference: name } = move;
  const why = name.startsWith(reversalName(stamp)) ? "done, reversed other counts" : "done, stock change reversed";
  return { model: MOVE, id, name, irreversible: outstanding.some((counted) => isOf(move, counted)) ? null : why };
}

/** clearWaiting removes counts that were not applied from their quants, as Odoo's own button does. */
async function clearWaiting(work: CleanupWork, quantIds: readonly number[]): Promise<void> {
  const values = { inventory_quantity: 0, inventory_diff_quantity: 0, inventory_quantity_set: false, user_id: false };
  const done = await inChunks(work, { model: QUANT, ids: quantIds }, (chunk) =>
    work.session.call({ model: QUANT, method: "write", args: [chunk, values] }, z.literal(true)),
  );
  work.tally.add(QUANT, "cancelled", done.length);
}

function isOf({ product_id, location_id, location_dest_id }: Move, { productId, locationId }: CountedStock): boolean {
  return idOf(product_id) === productId && (idOf(location_id) === locationId || idOf(location_dest_id) === locationId);
}

/**
 * reverse reverses the stock change of a run's counts for one product at one location, with a new count that bears the run's
 * stamp. The new count states the current quantity less the change of the run, so that later moves of others remain. A refusal is
 * noted for the `moves` of the counts.
 */
async function reverse(
  work: CleanupWork,
  moves: { readonly model: string; readonly ids: readonly number[] },
  { productId, locationId, change }: CountedStock,
): Promise<void> {
  const { session, tally, stamp } = work;
  const domain = [
    ["product_id", "=", productId],
    ["location_id", "=", locationId],
    // The load counts only stock without a lot, a package and an owner.
    ["lot_id", "=", false],
    ["package_id", "=", false],
    ["owner_id", "=", false],
  ];
  // Under load, Odoo may create a second quant next to a locked one and merge both later. The fullest quant can give most.
  const search = { model: QUANT, domain, fields: ["quantity"], order: "quantity desc, id" };
  const [quant] = await searchRead(session, search, quantShape);
  const target = (quant?.quantity ?? 0) - change;
  if (target < 0) {
    tally.refuse(moves.model, moves.ids, describeShortfalls([{ productId, missing: -target }]));
    return;
  }
  // A single call enters and applies the count, so that a cleanup that is killed leaves no count that is not applied.
  const kwargs = { context: { inventory_mode: true, inventory_name: reversalName(stamp) } };
  const count = { inventory_quantity_auto_apply: target };
  const isDone = await attempt(work, moves, async () => {
    if (quant !== undefined) {
      await session.call({ model: QUANT, method: "write", args: [[quant.id], count], kwargs }, z.literal(true));
      return;
    }
    const values = { product_id: productId, location_id: locationId, ...count };
    await session.call({ model: QUANT, method: "create", args: [values], kwargs }, z.number());
  });
  if (isDone) tally.add(QUANT, "reversed", 1);
}
