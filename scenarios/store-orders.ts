import { chooseDistinct } from "./lib/hash.ts";
import type { Till } from "../src/domain/load/plan.ts";
import { freshness } from "./lib/step.ts";
import type { Transaction } from "./lib/transaction.ts";
import { variantOf } from "./lib/variant.ts";
import { checkOrders, PROTOCOLS, resendOrders, syncOrders } from "./odoo/point-of-sale.ts";
import { odooTime, type Receipt, sumUp } from "./odoo/till-protocol.ts";

const MOST_LINES = 3;

/**
 * syncStoreOrders is a till that comes back online. It sends its `size` collected orders, and sends them again as if the answer had
 * been lost. Each order must exist once. The till was opened before the load.
 */
export function syncStoreOrders(transaction: Transaction, sessionIds: readonly number[]): void {
  const { step, pair, size, data, variants, sinceDueMs, record } = transaction;
  const protocol = variantOf(PROTOCOLS, variants.storeOrders);
  const { tills } = data.store;
  const place = pair % tills.length;
  const [till, sessionId] = [tills[place], sessionIds[place]];
  if (till === undefined || sessionId === undefined) throw new Error("the plan names no tills, or none is open");

  const receipts = Array.from({ length: size }, (_, index) => ringUp(transaction, { till, sessionId, number: index + 1 }));
  for (const receipt of receipts) record({ ...entryOf(receipt), ledger: "intent", id: null });
  const ids = syncOrders(step, protocol, receipts);
  for (const receipt of receipts) record({ ...entryOf(receipt), ledger: "created", id: ids.get(receipt.reference) ?? null });
  freshness.add(sinceDueMs());
  resendOrders(step, protocol, { receipts, ids });
  checkOrders(step, receipts);
  for (const receipt of receipts) record({ ...entryOf(receipt), ledger: "done", id: ids.get(receipt.reference) ?? null });
}

function ringUp(
  { reference, choose, data }: Transaction,
  { till, sessionId, number }: { till: Till; sessionId: number; number: number },
): Receipt {
  const { products, cashierId } = data.store;
  const word = `order ${number}`;
  const lines = chooseDistinct(products, 1 + choose(`${word} lines`, MOST_LINES), { choose, word }).map((product) => {
    const amounts = product.amounts.map((amount, index) => ({ ...amount, quantity: index + 1 }));
    const amount = amounts[choose(`${word} quantity of ${product.id}`, amounts.length)];
    if (amount === undefined) throw new Error(`the plan has no price for product ${product.id}`);
    return { product, ...amount };
  });
  if (lines.length === 0) throw new Error("the plan names no products of the tills");
  return {
    reference: `${reference}-${number}`,
    number,
    till,
    sessionId,
    cashierId,
    at: odooTime(Date.now()),
    lines,
    untaxed: sumUp(lines.map(({ untaxed }) => untaxed)),
    total: sumUp(lines.map(({ total }) => total)),
  };
}

function entryOf({ reference, sessionId, lines, total }: Receipt) {
  const units = sumUp(lines.map(({ quantity }) => quantity));
  return { model: "pos.order", ref: reference, detail: { lines: lines.length, units, total, session: sessionId } };
}
