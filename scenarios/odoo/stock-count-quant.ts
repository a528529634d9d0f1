import { callOdoo, readId, readTrue } from "../lib/rpc.ts";
import { refuse } from "../lib/step-failure.ts";
import type { CountWay } from "./count-way.ts";
import { type Count, type Quant, readQuants } from "./stock-levels.ts";

/** Applies the counts that quants hold; their moves bear the name that it was given. */
const WIZARD = "stock.inventory.adjustment.name";

/**
 * quant is the way of counting on the quants themselves, by one save of their location. Creating quants in "inventory mode" would
 * need no look at them first, but Odoo takes the counts out of the values at its first try, so that a call that it repeats after a
 * conflict in the database makes empty quants and counts nothing.
 */
export const quant: CountWay = {
  model: "stock.quant",
  handOver(step, request) {
    const { locationId, counts } = request;
    const before = readQuants(step, request, (quants) => quants);
    const args = [[locationId], { quant_ids: counts.flatMap((count) => commandsFor(count, before)) }];
    callOdoo(step, { name: "stock-sync/create", model: "stock.location", method: "write", args }, readTrue);
    const isKnown = counts.every(({ productId }) => before.some((row) => row.productId === productId));
    const counted = isKnown ? before : readQuants(step, request, (quants) => quants);
    return { id: null, ids: counted.map(({ id }) => id) };
  },
  apply(step, { reference }, { ids }) {
    const values = { inventory_adjustment_name: reference, quant_ids: [[6, 0, ids]] };
    const id = callOdoo(step, { name: "stock-sync/start", model: WIZARD, method: "create", args: [values] }, readId);
    callOdoo(step, { name: "stock-sync/apply", model: WIZARD, method: "action_apply", args: [[id]] }, readApplied);
  },
};

/**
 * Where concurrent moves left several rows of one product, the first holds all of it from now on. A new row has to say that it was
 * counted: Odoo computes that for changed rows only, and applies no count without it.
 */
function commandsFor({ productId, quantity }: Count, quants: readonly Quant[]): readonly unknown[] {
  const own = quants.filter((row) => row.productId === productId);
  if (own.length === 0) {
    return [[0, 0, { product_id: productId, inventory_quantity: quantity, inventory_quantity_set: true }]];
  }
  return own.map(({ id }, index) => [1, id, { inventory_quantity: index === 0 ? quantity : 0 }]);
}

/** Applying answers with nothing. A window in its place asks a person, and nothing was applied. */
function readApplied(result: unknown): void {
  if (result !== undefined && result !== null && result !== true)
    refuse(`the count asks: ${JSON.stringify(result).slice(0, 120)}`);
}
