import { isRecord, refuse, textOf } from "./lib/answer.ts";
import { callOdoo, readId, readRecords, readTrue } from "./lib/rpc.ts";
import type { Transaction } from "./lib/transaction.ts";
import { variantOf } from "./lib/variant.ts";

/** pickWave processes `size` ready pickings in a batch: create, confirm, reserve, pick, validate, check. */
export function pickWave(transaction: Transaction): void {
  const { step, reference, pair, size, data, record } = transaction;
  // Each pair has its own section of the pool, so no picking is taken twice.
  const pickings = data.pickings.slice(pair * size, (pair + 1) * size);
  if (pickings.length < size) throw new Error(`the pool of ${data.pickings.length} pickings is used up at pair ${pair}`);

  const model = "stock.picking.batch";
  const values = { name: reference, picking_type_id: data.pickingTypeId, picking_ids: [[6, 0, pickings]] };
  const detail = { pickings: pickings.length };
  record({ ledger: "intent", model, id: null, ref: reference, detail });
  const id = callOdoo(step, { name: "picking-wave/create", model, method: "create", args: [values] }, readId);
  record({ ledger: "created", model, id, ref: reference, detail });
  callOdoo(step, { name: "picking-wave/confirm", model, method: "action_confirm", args: [[id]] }, readTrue);
  callOdoo(step, { name: "picking-wave/reserve", model, method: "action_assign", args: [[id]] }, () => null);
  const reservations = readReservations(transaction, pickings);
  setDone(transaction, id, reservations);
  // Without this key the module stock_sms, which Odoo installs automatically, opens a window: send text messages to customers?
  const kwargs = { context: { skip_sms: true } };
  callOdoo(step, { name: "picking-wave/validate", model, method: "action_done", args: [[id]], kwargs }, readTrue);

  const pickingArgs = [pickings, ["state"]];
  callOdoo(step, { name: "picking-wave/check-pickings", model: "stock.picking", method: "read", args: pickingArgs }, (result) => {
    const open = readRecords(result, pickings.length).filter((picking) => picking["state"] !== "done");
    if (open.length > 0) refuse(`${open.length} of ${pickings.length} pickings are not done`);
  });
  callOdoo(step, { name: "picking-wave/check", model, method: "read", args: [[id], ["state"]] }, (result) => {
    const [batch] = readRecords(result, 1);
    if (batch?.["state"] !== "done") refuse(`the batch is ${textOf(batch?.["state"])}, not done`);
  });
  record({ ledger: "done", model, id, ref: reference, detail: { ...detail, lines: reservations.length } });
}

/** Reservation is a move line with the quantity reserved for it. */
interface Reservation {
  readonly id: number;
  readonly quantity: number;
}

/** VARIANTS are the values written to a picked line: the picked quantity, or the mark that the reserved quantity was picked. */
const VARIANTS = {
  "qty-done": ({ quantity }: Reservation) => ({ qty_done: quantity }),
  picked: () => ({ picked: true }),
};

/** readReservations lists the move lines of pickings. */
function readReservations({ step, variants }: Transaction, pickingIds: readonly number[]): Reservation[] {
  const field = variants.reserved;
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

/** setDone marks all reserved quantities as picked, by one save of the batch, like its form. */
function setDone({ step, variants }: Transaction, batchId: number, reservations: readonly Reservation[]): void {
  const picked = variantOf(VARIANTS, variants.picking);
  const commands = reservations.map((line) => [1, line.id, picked(line)]);
  const args = [[batchId], { move_line_ids: commands }];
  callOdoo(step, { name: "picking-wave/pick", model: "stock.picking.batch", method: "write", args }, readTrue);
}
