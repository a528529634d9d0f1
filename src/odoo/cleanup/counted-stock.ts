import { z } from "zod";

import { searchRead } from "../connection/session.ts";
import type { CleanupWork } from "./cleanup-area.ts";

/** CountedStock is by how much the counts of a run have changed the stock of a product at a location, all of them together. */
export interface CountedStock {
  readonly productId: number;
  readonly locationId: number;
  /** Units that the counts put there; below zero where they took some away. */
  readonly change: number;
}

/** MovedStock is what one or several moves of counts brought from one location to another, in the product's own unit. */
export interface MovedStock {
  readonly productId: number | null;
  readonly fromId: number | null;
  readonly toId: number | null;
  readonly quantity: number;
}

/** Shortfall is a count that cannot be taken back, because the goods have gone elsewhere meanwhile. */
export interface Shortfall {
  readonly productId: number;
  readonly missing: number;
}

const NOTHING = 1e-6;

/**
 * countedStock adds up what the stock moves of a run's counts did. Odoo books a count as the difference to what it found, so these
 * moves know what the ledger does not: the quantity from before. Counts that take others back bear the stamp as well, so what is
 * left here is what still has to be taken back, also after a cleanup that was killed.
 */
export async function countedStock(work: CleanupWork, moved: readonly MovedStock[]): Promise<readonly CountedStock[]> {
  const changes = new Map<string, CountedStock>();
  const add = (productId: number | null, locationId: number | null, change: number) => {
    if (productId === null || locationId === null) return;
    const key = `${productId} ${locationId}`;
    changes.set(key, { productId, locationId, change: (changes.get(key)?.change ?? 0) + change });
  };
  for (const { productId, fromId, toId, quantity } of moved) {
    add(productId, fromId, -quantity);
    add(productId, toId, quantity);
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

/** describeShortfalls says which products lack how much, the first of them. */
export function describeShortfalls(short: readonly Shortfall[]): string {
  const named = short.slice(0, 5).map(({ productId, missing }) => `product ${productId} lacks ${missing}`);
  return `too little is left to take back: ${named.join(", ")}`;
}

/** counterName is the name of the counts that take those of a run back. */
export function counterName(stamp: string): string {
  return `${stamp}back`;
}
