import { isRecord } from "../lib/classify.ts";
import { callOdoo, readTrue } from "../lib/rpc.ts";
import { refuse } from "../lib/step-failure.ts";
import type { Step } from "../lib/step.ts";

/** Reservation is a move line with the quantity reserved for it. */
export interface Reservation {
  readonly id: number;
  readonly quantity: number;
}

/** readReservations lists the move lines of pickings. Odoo 14 calls the reserved quantity `product_uom_qty`, 17 `quantity`. */
export function readReservations(step: Step, pickingIds: readonly number[]): Reservation[] {
  const args = [[["picking_id", "in", pickingIds]], ["product_uom_qty"]];
  return callOdoo(step, { name: "picking-wave/lines", model: "stock.move.line", method: "search_read", args }, (result) => {
    const lines = Array.isArray(result) ? result.filter(isRecord) : [];
    const reservations = lines.map((line) => ({ id: Number(line["id"]), quantity: Number(line["product_uom_qty"]) }));
    if (reservations.length === 0) refuse("the wave has no move lines");
    if (reservations.some(({ quantity }) => !(quantity > 0))) refuse("a move line of the wave has nothing reserved");
    return reservations;
  });
}

/** setDone states everything that is reserved as picked, by one save of the batch as its form does it in Odoo 14. */
export function setDone(step: Step, batchId: number, reservations: readonly Reservation[]): void {
  const commands = reservations.map(({ id, quantity }) => [1, id, { qty_done: quantity }]);
  const args = [[batchId], { move_line_ids: commands }];
  callOdoo(step, { name: "picking-wave/pick", model: "stock.picking.batch", method: "write", args }, readTrue);
}
