import { textOf } from "../lib/classify.ts";
import { callOdoo, readId, readRecords, readTrue } from "../lib/rpc.ts";
import { refuse } from "../lib/step-failure.ts";
import type { CountWay } from "./count-way.ts";

/**
 * An inventory adjustment takes many counts at once. Writing `inventory_quantity` to quants would be shorter, but where there are
 * adjustments that needs a context, and when such an Odoo repeats a call after a conflict in the database, it has lost the context
 * of the first try and refuses the call.
 */
const MODEL = "stock.inventory";

/** adjustment is the way of counting by an inventory adjustment, which bears the reference. */
export const adjustment: CountWay = {
  model: MODEL,
  handOver(step, { reference, locationId, counts }) {
    const lines = counts.map(({ productId, quantity }) => [
      0,
      0,
      { product_id: productId, location_id: locationId, product_qty: quantity },
    ]);
    const products = counts.map((count) => count.productId);
    const places = { location_ids: [[6, 0, [locationId]]], product_ids: [[6, 0, products]] };
    const args = [{ name: reference, ...places, line_ids: lines }];
    const id = callOdoo(step, { name: "stock-sync/create", model: MODEL, method: "create", args }, readId);
    return { id, ids: [id] };
  },
  apply(step, _, { ids }) {
    // Starting answers with the window that a person would see next.
    callOdoo(step, { name: "stock-sync/start", model: MODEL, method: "action_start", args: [ids] }, () => null);
    callOdoo(step, { name: "stock-sync/apply", model: MODEL, method: "action_validate", args: [ids] }, readTrue);
    callOdoo(step, { name: "stock-sync/check", model: MODEL, method: "read", args: [ids, ["state"]] }, (result) => {
      const state = textOf(readRecords(result, 1)[0]?.["state"]);
      if (state !== "done") refuse(`the count is ${state}, not done`);
    });
  },
};
