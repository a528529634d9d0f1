import { refuse, textOf } from "../lib/answer.ts";
import { callOdoo, readId, readRecords, readTrue } from "../lib/rpc.ts";
import type { Step } from "../lib/step.ts";
import type { Transaction } from "../lib/transaction.ts";
import { variantOf } from "../lib/variant.ts";
import { type Count, type Counted, type Quant, readQuants } from "./stock-levels.ts";

/** CountRequest is many counts at once, under a reference that their moves bear. */
interface CountRequest extends Counted {
  readonly reference: string;
}

/** CountVariant is a method of counting. The counts are handed over first; stock moves only when they are applied. */
export interface CountVariant {
  /** The model that holds a handed count. */
  readonly model: string;
  handOver(step: Step, request: CountRequest): HandedCount;
  apply(step: Step, request: CountRequest, handed: HandedCount): void;
}

interface HandedCount {
  /** Records that hold the counts. */
  readonly ids: readonly number[];
  /** The record that bears the reference; null where none does yet. */
  readonly id: number | null;
}

/**
 * An inventory adjustment takes many counts at once. Writing `inventory_quantity` to quants would be shorter, but where there are
 * adjustments that needs a context, and when such an Odoo repeats a call after a conflict in the database, it has lost the context
 * of the first try and refuses the call.
 */
const MODEL = "stock.inventory";

/** adjustment counts by an inventory adjustment, which bears the reference. */
const adjustment: CountVariant = {
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

/** Applies the counts that quants hold; their moves bear the name that it was given. */
const WIZARD = "stock.inventory.adjustment.name";

/**
 * quant counts on the quants themselves, by one save of their location. Creating quants in "inventory mode" would
 * need no look at them first, but Odoo takes the counts out of the values at its first try, so that a call that it repeats after a
 * conflict in the database makes empty quants and counts nothing.
 */
export const quant: CountVariant = {
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

/** Applying returns no value. Any other result is a window with a question to the user, and no count was applied. */
function readApplied(result: unknown): void {
  if (result !== undefined && result !== null && result !== true)
    refuse(`the count asks: ${JSON.stringify(result).slice(0, 120)}`);
}

const VARIANTS = { adjustment, quant };

/** countVariant is the method of counting of the server's variant. */
export function countVariant({ variants }: Transaction): CountVariant {
  return variantOf(VARIANTS, variants.stockCount);
}
