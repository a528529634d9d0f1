import { z } from "zod";
import { idOf, manyToOne, searchRead } from "../search-read.ts";
import { type CleanupWork, startsWithStamp } from "./cleanup-area.ts";

/** CountedStock is by how much the counts of a run have changed the stock of a product at a location, all of them together. */
export interface CountedStock {
  readonly productId: number;
  readonly locationId: number;
  /** Units that the counts put there; below zero where they took some away. */
  readonly change: number;
}

const NOTHING = 1e-6;

const group = z.object({
  product_id: manyToOne,
  location_id: manyToOne,
  location_dest_id: manyToOne,
  product_qty: z.number(),
});

/**
 * readCounted adds up what the stock moves of a run's counts did. Odoo books a count as the difference to what it found, so these
 * moves know what the ledger does not: the quantity from before. Counts that take others back bear the stamp as well, so what is
 * left here is what still has to be taken back, also after a cleanup that was killed.
 */
export async function readCounted(work: CleanupWork): Promise<readonly CountedStock[]> {
  const { session } = work;
  const domain = [
    ["inventory_id.name", "=like", startsWithStamp(work)],
    ["state", "=", "done"],
  ];
  const groupBy = ["product_id", "location_id", "location_dest_id"];
  const args = [domain, ["product_qty:sum"], groupBy];
  const groups = await session.call({ model: "stock.move", method: "read_group", args, kwargs: { lazy: false } }, z.array(group));
  const changes = new Map<string, CountedStock>();
  const add = (productId: number | null, locationId: number | null, change: number) => {
    if (productId === null || locationId === null) return;
    const key = `${productId} ${locationId}`;
    changes.set(key, { productId, locationId, change: (changes.get(key)?.change ?? 0) + change });
  };
  for (const { product_id, location_id, location_dest_id, product_qty } of groups) {
    add(idOf(product_id), idOf(location_id), -product_qty);
    add(idOf(product_id), idOf(location_dest_id), product_qty);
  }
  const real = await realLocations(work, [...new Set([...changes.values()].map(({ locationId }) => locationId))]);
  return [...changes.values()].filter(({ locationId, change }) => real.has(locationId) && Math.abs(change) > NOTHING);
}

/** The other side of each move is a location of losses, which nobody counts. */
async function realLocations({ session }: CleanupWork, ids: readonly number[]): Promise<ReadonlySet<number>> {
  const domain = [
    ["id", "in", ids],
    ["usage", "in", ["internal", "transit"]],
    ["active", "in", [true, false]],
  ];
  const found = await searchRead(session, { model: "stock.location", domain, fields: ["id"] }, z.object({ id: z.number() }));
  return new Set(found.map(({ id }) => id));
}
