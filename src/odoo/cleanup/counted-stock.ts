import { idOf, type ManyToOne, searchIds } from "../connection/session.ts";
import type { CleanupWork } from "./cleanup-area.ts";

/** Quantities below this limit count as zero. */
const NOTHING = 1e-6;

/** Maximum number of products in a message. */
const EXAMPLES = 5;

/** CountedStock is the total change that the counts of a run made to the stock of a product at a location. */
export interface CountedStock {
  readonly productId: number;
  readonly locationId: number;
  /** Change in units of the product; negative if the counts removed stock. */
  readonly change: number;
}

/** CountMove is one or several stock moves of counts, as Odoo returns them. The quantity is in the product's unit. */
interface CountMove {
  readonly product_id: ManyToOne;
  readonly location_id: ManyToOne;
  readonly location_dest_id: ManyToOne;
  readonly product_qty: number;
}

/** Shortfall is a count that cannot be reversed because the stock was moved elsewhere in the meantime. */
export interface Shortfall {
  readonly productId: number;
  readonly missing: number;
}

/**
 * countedStock sums the stock moves of a run's counts. Odoo books a count as the difference to the previous quantity, which the
 * ledger does not contain. Counts that reverse other counts bear the stamp too, so the sum is the change that is still to be
 * reversed, also after a cleanup that was killed.
 */
export async function countedStock(work: CleanupWork, moves: readonly CountMove[]): Promise<readonly CountedStock[]> {
  const changes = new Map<string, CountedStock>();
  const add = (productId: number | null, locationId: number | null, change: number) => {
    if (productId === null || locationId === null) return;
    const key = `${productId} ${locationId}`;
    changes.set(key, { productId, locationId, change: (changes.get(key)?.change ?? 0) + change });
  };
  for (const { product_id, location_id, location_dest_id, product_qty } of moves) {
    add(idOf(product_id), idOf(location_id), -product_qty);
    add(idOf(product_id), idOf(location_dest_id), product_qty);
  }
  const real = await realLocations(work, [...new Set([...changes.values()].map(({ locationId }) => locationId))]);
  return [...changes.values()].filter(({ locationId, change }) => real.has(locationId) && Math.abs(change) > NOTHING);
}

/** realLocations omits the location of inventory losses, which is one end of each of these moves and is never counted. */
async function realLocations({ session }: CleanupWork, ids: readonly number[]): Promise<ReadonlySet<number>> {
  const domain = [
    ["id", "in", ids],
    ["usage", "in", ["internal", "transit"]],
    ["active", "in", [true, false]],
  ];
  return new Set(await searchIds(session, { model: "stock.location", domain }));
}

/** describeShortfalls lists the first products with a shortfall and the missing quantities. */
export function describeShortfalls(shortfalls: readonly Shortfall[]): string {
  const named = shortfalls.slice(0, EXAMPLES).map(({ productId, missing }) => `product ${productId} lacks ${missing}`);
  return `too little stock is left to reverse the counts: ${named.join(", ")}`;
}

/** reversalName is the name of the counts that reverse the counts of a run. */
export function reversalName(stamp: string): string {
  return `${stamp}back`;
}
