import { freshness } from "./lib/metrics.ts";
import type { Transaction } from "./lib/transaction.ts";
import { applyCount, checkLevels, createCount } from "./odoo/stock-count.ts";

/** Levels stay well above what is reserved: a count below it would free reservations, and waves would fail for it. */
const LOWEST_LEVEL = 500;
const LEVELS = 500;

/** syncStock states the stock of `size` products at one location, as a warehouse system does, and reads it back. */
export function syncStock(transaction: Transaction): void {
  const { step, reference, pair, choose, data, size, sinceDueMs, record } = transaction;
  const locationId = data.stockLocations[choose("location", data.stockLocations.length)];
  if (locationId === undefined || data.products.length < size) throw new Error("the plan names too few products or locations");
  // Syncs go through the catalogue slice by slice, so that two of them at the same time never count the same product.
  const counts = Array.from({ length: size }, (_, index) => (pair * size + index) % data.products.length)
    .flatMap((place) => data.products.slice(place, place + 1))
    .map((product) => ({ productId: product.id, quantity: LOWEST_LEVEL + choose(`level ${product.id}`, LEVELS) }));
  const model = "stock.inventory";
  const units = counts.reduce((sum, count) => sum + count.quantity, 0);
  const detail = { products: counts.length, locationId, units };
  record({ ledger: "intent", model, id: null, ref: reference, detail });
  const id = createCount(step, { name: reference, locationId, counts });
  record({ ledger: "created", model, id, ref: reference, detail });
  applyCount(step, id);
  checkLevels(step, locationId, counts);
  // The shop computes what it offers from the rows that were just read, so from here on shoppers see the new figures.
  freshness.add(sinceDueMs());
  record({ ledger: "done", model, id, ref: reference, detail });
}
