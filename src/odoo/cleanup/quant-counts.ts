import { z } from "zod";

import { idOf, manyToOne, searchRead } from "../connection/session.ts";
import { type CleanupArea, type CleanupWork, idsToUndo, startsWithStamp, type Trace } from "./cleanup-area.ts";
import { type CountedStock, countedStock, counterName, describeShortfalls } from "./counted-stock.ts";
import { attempt, inChunks } from "./undo.ts";

const MOVE = "stock.move";
const QUANT = "stock.quant";

const shape = z.object({
  id: z.number(),
  reference: z.string(),
  product_id: manyToOne,
  location_id: manyToOne,
  location_dest_id: manyToOne,
  product_qty: z.number(),
});

type Move = z.infer<typeof shape>;

/**
 * quantCounts are the counts of an Odoo in which they go to the quants themselves. Nothing is left of one but its stock moves, which
 * bear as their reference what the count was called. One that was handed over and not applied stands in its quant, which has no
 * field for a stamp: it is known by the user of the load and by its time.
 */
export const quantCounts: Pick<CleanupArea, "scan" | "clear"> = {
  async scan(work) {
    const moves = await findMoves(work);
    const outstanding = await outstandingOf(work, moves);
    return [...(await findWaiting(work)), ...moves.map((move) => traceOf(move, { outstanding, stamp: work.stamp }))];
  },
  async clear(work, found) {
    await forget(work, idsToUndo(found, QUANT));
    if (idsToUndo(found, MOVE).length === 0) return;
    const moves = await findMoves(work);
    for (const counted of await outstandingOf(work, moves)) {
      const ids = moves.filter((move) => isOf(move, counted)).map(({ id }) => id);
      await quantBack(work, { model: MOVE, ids }, counted);
    }
  },
};

async function findWaiting({ session, since, loadedBy }: CleanupWork): Promise<readonly Trace[]> {
  const domain = [
    ["inventory_quantity_set", "=", true],
    ["write_uid.login", "=", loadedBy],
    ["write_date", ">=", since],
  ];
  const waiting = z.object({ id: z.number(), product_id: manyToOne });
  const found = await searchRead(session, { model: QUANT, domain, fields: ["product_id"] }, waiting);
  return found.map(({ id, product_id }) => {
    const name = `count of ${product_id === false ? `quant ${id}` : product_id[1]}`;
    return { model: QUANT, id, name, irreversible: null };
  });
}

/** A count that waits is taken out of its quant again, as Odoo's own button does it. */
async function forget(work: CleanupWork, quantIds: readonly number[]): Promise<void> {
  const values = { inventory_quantity: 0, inventory_diff_quantity: 0, inventory_quantity_set: false, user_id: false };
  const done = await inChunks(work, { model: QUANT, ids: quantIds }, (chunk) =>
    work.session.call({ model: QUANT, method: "write", args: [chunk, values] }, z.literal(true)),
  );
  work.tally.add(QUANT, "cancelled", done.length);
}

function findMoves({ session, stamp }: CleanupWork): Promise<readonly Move[]> {
  const domain = [
    ["is_inventory", "=", true],
    ["reference", "=like", startsWithStamp({ stamp })],
    ["state", "=", "done"],
  ];
  const fields = ["reference", "product_id", "location_id", "location_dest_id", "product_qty"];
  return searchRead(session, { model: MOVE, domain, fields }, shape);
}

function outstandingOf(work: CleanupWork, moves: readonly Move[]): Promise<readonly CountedStock[]> {
  const moved = moves.map(({ product_id, location_id, location_dest_id, product_qty }) => ({
    productId: idOf(product_id),
    fromId: idOf(location_id),
    toId: idOf(location_dest_id),
    quantity: product_qty,
  }));
  return countedStock(work, moved);
}

function isOf({ product_id, location_id, location_dest_id }: Move, { productId, locationId }: CountedStock): boolean {
  return idOf(product_id) === productId && (idOf(location_id) === locationId || idOf(location_dest_id) === locationId);
}

function traceOf(
  move: Move,
  { outstanding, stamp }: { readonly outstanding: readonly CountedStock[]; readonly stamp: string },
): Trace {
  const { id, reference: name } = move;
  const why = name.startsWith(counterName(stamp)) ? "done, took counts back" : "done, stock counted back";
  return { model: MOVE, id, name, irreversible: outstanding.some((counted) => isOf(move, counted)) ? null : why };
}

/** Where the stock of a product at a location stands. */

const rowShape = z.object({ id: z.number(), quantity: z.number() });

/**
 * quantBack takes back what the counts of a run changed for one product at one location, by a count of its own that bears the run's
 * stamp. It states what is there now less what the run changed: what others have moved meanwhile stays moved. Why that was not
 * possible is noted for the counts' `moves`.
 */
export async function quantBack(
  work: CleanupWork,
  moves: { readonly model: string; readonly ids: readonly number[] },
  { productId, locationId, change }: CountedStock,
): Promise<void> {
  const { session, tally, stamp } = work;
  const domain = [
    ["product_id", "=", productId],
    ["location_id", "=", locationId],
    // The load counts what lies there loose and belongs to the shop.
    ["lot_id", "=", false],
    ["package_id", "=", false],
    ["owner_id", "=", false],
  ];
  // Under load Odoo may put a second row beside a locked one, to be merged later: the fullest one can give most.
  const rows = await searchRead(session, { model: QUANT, domain, fields: ["quantity"], order: "quantity desc, id" }, rowShape);
  const target = (rows[0]?.quantity ?? 0) - change;
  if (target < 0) {
    tally.refuse(moves.model, moves.ids, describeShortfalls([{ productId, missing: -target }]));
    return;
  }
  // One call that counts and applies: a cleanup that is killed leaves no count that waits.
  const kwargs = { context: { inventory_mode: true, inventory_name: counterName(stamp) } };
  const count = { inventory_quantity_auto_apply: target };
  const isDone = await attempt(work, moves, async () => {
    const [row] = rows;
    if (row !== undefined) {
      await session.call({ model: QUANT, method: "write", args: [[row.id], count], kwargs }, z.literal(true));
      return;
    }
    const values = { product_id: productId, location_id: locationId, ...count };
    await session.call({ model: QUANT, method: "create", args: [values], kwargs }, z.number());
  });
  if (isDone) tally.add(QUANT, "reversed", 1);
}
