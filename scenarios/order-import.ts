import { refuse, StepFailure, textOf } from "./lib/answer.ts";
import { chooseDistinct } from "./lib/hash.ts";
import { callOdoo, readId, readIds, readRecords, readTrue } from "./lib/rpc.ts";
import type { Transaction } from "./lib/transaction.ts";

/** importOrder imports one order of another sales channel exactly once: search, create, confirm, check. */
export function importOrder(transaction: Transaction): void {
  const { step, reference, choose, data, size, record } = transaction;
  const model = "sale.order";
  callOdoo(
    step,
    { name: "order-import/find", model, method: "search", args: [[["client_order_ref", "=", reference]]] },
    (result) => {
      // No order has this reference yet, so a hit means that the reference is not unique.
      if (readIds(result).length > 0) throw new StepFailure("script", `${reference} exists already`);
    },
  );

  const products = chooseDistinct(data.products, size, { choose, word: "line" });
  const partner = data.partners[choose("partner", data.partners.length)];
  if (partner === undefined || products.length === 0) throw new Error("the plan names no partners or no products");
  const lines = products.map((product, index) => [
    0,
    0,
    { product_id: product.id, product_uom_qty: 1 + choose(`quantity ${index}`, 3), price_unit: product.price },
  ]);
  const values = { partner_id: partner, client_order_ref: reference, origin: reference, order_line: lines };
  const detail = { lines: lines.length };
  record({ ledger: "intent", model, id: null, ref: reference, detail });
  const id = callOdoo(step, { name: "order-import/create", model, method: "create", args: [values] }, readId);
  record({ ledger: "created", model, id, ref: reference, detail });
  callOdoo(step, { name: "order-import/confirm", model, method: "action_confirm", args: [[id]] }, readTrue);
  const total = callOdoo(
    step,
    { name: "order-import/check", model, method: "read", args: [[id], ["state", "amount_total", "order_line"]] },
    (result) => readConfirmed(result, lines.length),
  );
  record({ ledger: "done", model, id, ref: reference, detail: { ...detail, total } });
}

function readConfirmed(result: unknown, lines: number): number {
  const [order] = readRecords(result, 1);
  if (order?.["state"] !== "sale") refuse(`the order is ${textOf(order?.["state"])}, not sale`);
  const orderLines = order["order_line"];
  if (!Array.isArray(orderLines) || orderLines.length !== lines) refuse(`the order does not have its ${lines} lines`);
  return Number(order["amount_total"]);
}
