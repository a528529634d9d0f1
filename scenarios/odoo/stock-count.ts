import { isRecord, textOf } from "../lib/classify.ts";
import { callOdoo, readId, readRecords, readTrue } from "../lib/rpc.ts";
import { refuse, StepFailure } from "../lib/step-failure.ts";
import type { Step } from "../lib/step.ts";

/** Count is the stock level another system states for one product. */
export interface Count {
  readonly productId: number;
  readonly quantity: number;
}

/** Units that deliveries may well have taken between the count and reading it back. */
const TAKEN_MEANWHILE = 20;

/**
 * Up to Odoo 14 many counts at once are an inventory adjustment. Writing `inventory_quantity` to quants would be shorter, but that
 * needs a context, and when Odoo 14 repeats a call after a conflict in the database, it has lost the context of the first try and
 * refuses the call. From Odoo 15 there is no adjustment, and counts go to quants.
 */
const MODEL = "stock.inventory";

/** createCount hands over the counts of one location; nothing is moved yet. */
export function createCount(step: Step, options: { name: string; locationId: number; counts: readonly Count[] }): number {
  const { name, locationId, counts } = options;
  const lines = counts.map(({ productId, quantity }) => [
    0,
    0,
    { product_id: productId, location_id: locationId, product_qty: quantity },
  ]);
  const products = counts.map((count) => count.productId);
  const values = { name, location_ids: [[6, 0, [locationId]]], product_ids: [[6, 0, products]], line_ids: lines };
  return callOdoo(step, { name: "stock-sync/create", model: MODEL, method: "create", args: [values] }, readId);
}

/** applyCount makes and completes the stock moves of the differences. */
export function applyCount(step: Step, countId: number): void {
  const args = [[countId]];
  // Starting answers with the window that a person would see next.
  callOdoo(step, { name: "stock-sync/start", model: MODEL, method: "action_start", args }, () => null);
  callOdoo(step, { name: "stock-sync/apply", model: MODEL, method: "action_validate", args }, readTrue);
  callOdoo(step, { name: "stock-sync/check", model: MODEL, method: "read", args: [[countId], ["state"]] }, (result) => {
    const state = textOf(readRecords(result, 1)[0]?.["state"]);
    if (state !== "done") refuse(`the count is ${state}, not done`);
  });
}

/** checkLevels reads the stock back. A lower level may be a delivery since then; any other one is a conflict. */
export function checkLevels(step: Step, locationId: number, counts: readonly Count[]): void {
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
  callOdoo(step, call, (result) => {
    const quants = Array.isArray(result) ? result.filter(isRecord) : refuse("the quants are no list");
    for (const { productId, quantity } of counts) {
      // Concurrent moves may leave several rows of one product, to be merged later: only their sum means anything.
      const rows = quants.filter((quant) => firstOf(quant["product_id"]) === productId);
      const level = rows.reduce((sum, quant) => sum + Number(quant["quantity"]), 0);
      if (!(level <= quantity && level >= quantity - TAKEN_MEANWHILE)) {
        throw new StepFailure("conflict", `product ${productId} was set to ${quantity} and reads ${level}`);
      }
    }
  });
}

/** A many2one is read as [id, display name]. */
function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : value;
}
