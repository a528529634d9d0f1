import { freshness } from "./lib/step.ts";
import type { Transaction } from "./lib/transaction.ts";
import { countVariant } from "./odoo/stock-count.ts";
import { checkLevels } from "./odoo/stock-levels.ts";

/** Levels stay well above the reserved quantity: a lower count would release reservations, and waves would fail. */
const LOWEST_LEVEL = 500;
const LEVELS = 500;

/** syncStock sets the stock of `size` products at one location, like a warehouse system, and reads it back. */
export function syncStock(transaction: Transaction): void {
  const { step, reference, pair, choose, data, size, sinceDueMs, record } = transaction;
  const locationId = data.stockLocations[choose("location", data.stockLocations.length)];
  if (locationId === undefined || data.products.length < size) throw new Error("the plan names too few products or locations");
  // Each sync takes the next slice of the catalogue, so two concurrent syncs never count the same product.
  const counts = Array.from({ length: size }, (_, index) => (pair * size + index) % data.products.length)
    .flatMap((place) => data.products.slice(place, place + 1))
    .map((product) => ({ productId: product.id, quantity: LOWEST_LEVEL + choose(`level ${product.id}`, LEVELS) }));
  const method = countVariant(transaction);
  const request = { reference, locationId, counts };
  const entry = { model: method.model, ref: reference };
  const units = counts.reduce((sum, count) => sum + count.quantity, 0);
  const detail = { products: counts.length, locationId, units };
  record({ ...entry, ledger: "intent", id: null, detail });
  const handed = method.handOver(step, request);
  record({ ...entry, ledger: "created", id: handed.id, detail });
  method.apply(step, request, handed);
  checkLevels(step, request);
  // The shop computes its availability from the rows that were just read, so from now on shoppers see the new figures.
  freshness.add(sinceDueMs());
  record({ ...entry, ledger: "done", id: handed.id, detail });
}
