import { isRecord, refuse, textOf } from "../lib/answer.ts";
import { callOdoo } from "../lib/rpc.ts";
import type { Step } from "../lib/step.ts";
import { createFromUi, type Receipt, syncFromUi, type TillProtocol } from "./till-protocol.ts";

/** PROTOCOLS are the variants of the capability `storeOrders`. */
export const PROTOCOLS: Readonly<Record<"create-from-ui" | "sync-from-ui", TillProtocol>> = {
  "create-from-ui": createFromUi,
  "sync-from-ui": syncFromUi,
};

const MODEL = "pos.order";

/** Ids are those of orders, by the number on the receipt. */
type Ids = ReadonlyMap<string, number>;

/** syncOrders hands over what a till has collected while it was offline, all in one call, and gives the ids of the orders. */
export function syncOrders(step: Step, protocol: TillProtocol, receipts: readonly Receipt[]): Ids {
  const { method } = protocol;
  return callOdoo(step, { name: "store-orders/sync", model: MODEL, method, args: [receipts.map(protocol.write)] }, (result) => {
    const ids = readIdsByReceipt(protocol.read(result));
    const missing = receipts.filter(({ reference }) => !ids.has(reference));
    if (missing.length > 0) refuse(`${missing.length} of ${receipts.length} orders were not taken`);
    return ids;
  });
}

/**
 * resendOrders sends the same again, word for word, as a till does whose first answer got lost. Every version of Odoo knows them
 * again by what a till sends along, and makes no second ones; it may leave them out of the answer.
 */
export function resendOrders(step: Step, protocol: TillProtocol, sent: { receipts: readonly Receipt[]; ids: Ids }): void {
  const { method } = protocol;
  const call = { model: MODEL, method, args: [sent.receipts.map(protocol.write)], mark: "again" };
  callOdoo(step, { name: "store-orders/resend", ...call }, (result) => {
    for (const [reference, id] of readIdsByReceipt(protocol.read(result))) {
      if (id !== sent.ids.get(reference)) refuse(`${reference} came in a second time, as order ${id}`);
    }
  });
}

/** checkOrders reads the orders back by their receipts: each is there once, paid, with the lines and the total that were sent. */
export function checkOrders(step: Step, receipts: readonly Receipt[]): void {
  const domain = [["pos_reference", "in", receipts.map(({ reference }) => reference)]];
  const args = [domain, ["pos_reference", "state", "amount_total", "lines"]];
  callOdoo(step, { name: "store-orders/check", model: MODEL, method: "search_read", args }, (result) => {
    const orders = Array.isArray(result) ? result.filter(isRecord) : refuse("the orders are no list");
    for (const { reference, lines, total } of receipts) {
      const found = orders.filter((order) => order["pos_reference"] === reference);
      const [order] = found;
      if (order === undefined || found.length > 1) refuse(`${reference}: ${found.length} orders`);
      const state = textOf(order["state"]);
      if (!["paid", "done", "invoiced"].includes(state)) refuse(`${reference} is ${state}, not paid`);
      const there = order["lines"];
      if (!Array.isArray(there) || there.length !== lines.length) refuse(`${reference} does not have its ${lines.length} lines`);
      const difference = Math.abs(Number(order["amount_total"]) - total);
      if (!(difference < 0.005)) refuse(`${reference} has total ${String(order["amount_total"])}, not ${total}`);
    }
  });
}

function readIdsByReceipt(list: unknown): Ids {
  const orders = Array.isArray(list) ? list.filter(isRecord) : refuse("the answer holds no list of orders");
  return new Map(orders.map((order) => [textOf(order["pos_reference"]), Number(order["id"])]));
}
