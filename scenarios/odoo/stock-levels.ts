import { isRecord, refuse, StepFailure } from "../lib/answer.ts";
import { callOdoo } from "../lib/rpc.ts";
import type { Step } from "../lib/step.ts";

/** Count is the stock level another system states for one product. */
export interface Count {
  readonly productId: number;
  readonly quantity: number;
}

/** Counted is what a count is about: some products at one location. */
export interface Counted {
  readonly locationId: number;
  readonly counts: readonly Count[];
}

/** Quant is a row of Odoo's stock of one product at one location. */
export interface Quant extends Count {
  readonly id: number;
}

/** Units that deliveries may well have taken between the count and reading it back. */
const TAKEN_MEANWHILE = 20;

/** readQuants reads the stock of the counted products at one location. */
export function readQuants<Value>(step: Step, { locationId, counts }: Counted, read: (quants: readonly Quant[]) => Value): Value {
  const domain = [
    ["location_id", "=", locationId],
    ["product_id", "in", counts.map((count) => count.productId)],
    // Stock in packages, of lots or of other owners is counted apart.
    ["lot_id", "=", false],
    ["package_id", "=", false],
    ["owner_id", "=", false],
  ];
  const call = {
    name: "stock-sync/check-levels",
    model: "stock.quant",
    method: "search_read",
    args: [domain, ["product_id", "quantity"]],
  };
  return callOdoo(step, call, (result) => {
    const quants = Array.isArray(result) ? result.filter(isRecord) : refuse("the quants are no list");
    return read(quants.map(toQuant));
  });
}

/** checkLevels reads the stock back. A lower level may be a delivery since then; any other one is a conflict. */
export function checkLevels(step: Step, counted: Counted): void {
  readQuants(step, counted, (quants) => {
    for (const { productId, quantity } of counted.counts) {
      // Concurrent moves may leave several rows of one product, to be merged later: only their sum means anything.
      const rows = quants.filter((quant) => quant.productId === productId);
      const level = rows.reduce((sum, row) => sum + row.quantity, 0);
      if (!(level <= quantity && level >= quantity - TAKEN_MEANWHILE)) {
        throw new StepFailure("conflict", `product ${productId} was set to ${quantity} and reads ${level}`);
      }
    }
  });
}

/** A many2one is read as [id, display name]. */
function toQuant({ id, product_id: product, quantity }: Readonly<Record<string, unknown>>): Quant {
  return { id: Number(id), productId: Number(Array.isArray(product) ? product[0] : product), quantity: Number(quantity) };
}
