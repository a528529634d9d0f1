import { isRecord } from "../lib/classify.ts";
import { callOdoo, readTrue } from "../lib/rpc.ts";
import { refuse } from "../lib/step-failure.ts";
import type { Transaction } from "../lib/transaction.ts";
import { wayOf } from "../lib/way.ts";

/** Reservation is a move line with the quantity reserved for it. */
export interface Reservation {
  readonly id: number;
  readonly quantity: number;
}

/** What is written to a line whose reserved quantity was picked: the picked quantity, or that it was. */
const WAYS = {
  "qty-done": ({ quantity }: Reservation) => ({ qty_done: quantity }),
  picked: () => ({ picked: true }),
};

/** readReservations lists the move lines of pickings. */
export function readReservations({ step, ways }: Transaction, pickingIds: readonly number[]): Reservation[] {
  const field = ways.reserved;
  if (field === undefined) throw new Error("the plan does not name the field of what is reserved");
  const args = [[["picking_id", "in", pickingIds]], [field]];
  return callOdoo(step, { name: "picking-wave/lines", model: "stock.move.line", method: "search_read", args }, (result) => {
    const lines = Array.isArray(result) ? result.filter(isRecord) : [];
    const reservations = lines.map((line) => ({ id: Number(line["id"]), quantity: Number(line[field]) }));
    if (reservations.length === 0) refuse("the wave has no move lines");
    if (reservations.some(({ quantity }) => !(quantity > 0))) refuse("a move line of the wave has nothing reserved");
    return reservations;
  });
}

/** setDone states everything that is reserved as picked, by one save of the batch as its form does it. */
export function setDone({ step, ways }: Transaction, batchId: number, reservations: readonly Reservation[]): void {
  const picked = wayOf(WAYS, ways.picking);
  const commands = reservations.map((line) => [1, line.id, picked(line)]);
  const args = [[batchId], { move_line_ids: commands }];
  callOdoo(step, { name: "picking-wave/pick", model: "stock.picking.batch", method: "write", args }, readTrue);
}
