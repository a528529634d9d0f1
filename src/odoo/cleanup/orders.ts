import { z } from "zod";

import { idOf, manyToOne, searchIds, searchRead } from "../connection/session.ts";
import { type CleanupArea, type CleanupWork, startsWithStamp, type Trace } from "./cleanup-area.ts";
import { orderLock } from "./cleanup-facts.ts";
import { inChunks, removeRecords, unpick } from "./undo.ts";

const MODEL = "sale.order";
const CANCEL_WIZARD = "sale.order.cancel";
const PICKING = "stock.picking";

/** Prevents Odoo from opening a window for the confirmation, which it would do for each order. */
const WITHOUT_WINDOW = { context: { disable_cancel_warning: true } };

const orderShape = z.object({ id: z.number(), name: z.string(), state: z.string(), invoice_ids: z.array(z.number()) });
const pickingShape = z.object({ id: z.number(), name: z.string(), state: z.string(), sale_id: manyToOne });

type FoundOrder = z.infer<typeof orderShape>;
type Picking = z.infer<typeof pickingShape>;

/**
 * orders is the area of the orders of imports and checkouts, including carts, with their deliveries that are not done. The orders
 * are cancelled, which releases reserved stock, and then deleted after their deliveries. An order that was delivered or invoiced
 * stays in Odoo as a cancelled order.
 */
export const orders: CleanupArea = {
  label: "orders",
  scenarios: ["order-import", "checkout"],
  async scan(work) {
    const found = await findOrders(work);
    const pickings = await findPickings(work, found);
    return [...pickings.filter(({ state }) => state !== "done").map(traceOfPicking), ...found.map(traceOfOrder(pickings))];
  },
  async clear(work) {
    // All orders are considered: an order that stays may have a delivery that can be removed.
    const all = await findOrders(work);
    const pickings = await findPickings(work, all);
    const cancelled = await cancel(work, all, pickings);
    const isCancelled = (orderId: number | null) => orderId !== null && cancelled.includes(orderId);
    const undelivered = pickings.filter(({ state, sale_id }) => state !== "done" && isCancelled(idOf(sale_id)));
    const pickingIds = undelivered.map(({ id }) => id);
    const removed = new Set(await removeRecords(work, PICKING, pickingIds));
    // If Odoo refuses to delete a picking, its order stays: without the order, a later cleanup would not find the picking.
    const blocked = new Set(undelivered.filter(({ id }) => !removed.has(id)).map(({ sale_id }) => idOf(sale_id)));
    const finished = all.filter(({ id }) => isCancelled(id) && !blocked.has(id));
    const kept = finished.filter((order) => whyKept(order, pickings) !== null);
    work.tally.add(MODEL, "cancelled", kept.filter(({ state }) => state !== "cancel").length);
    const orderIds = finished.filter((order) => !kept.includes(order)).map(({ id }) => id);
    await removeRecords(work, MODEL, orderIds);
  },
};

/**
 * findOrders finds the orders of a run: imported orders by their reference, checkouts by the address of the shopper, and carts
 * without an address by the campaign that scenarios/checkout.ts sets.
 */
export function findOrders(work: CleanupWork): Promise<readonly FoundOrder[]> {
  const pattern = startsWithStamp(work);
  const domain = [
    "|",
    "|",
    "|",
    ["client_order_ref", "=like", pattern],
    ["origin", "=like", pattern],
    ["partner_id.email", "=like", pattern],
    ["campaign_id.name", "=like", pattern],
  ];
  return searchRead(work.session, { model: MODEL, domain, fields: ["name", "state", "invoice_ids"] }, orderShape);
}

async function findPickings({ session }: CleanupWork, found: readonly FoundOrder[]): Promise<readonly Picking[]> {
  const domain = [["sale_id", "in", found.map(({ id }) => id)]];
  return searchRead(session, { model: PICKING, domain, fields: ["name", "state", "sale_id"] }, pickingShape);
}

function traceOfPicking({ id, name }: Picking): Trace {
  return { model: PICKING, id, name, irreversible: null };
}

function traceOfOrder(pickings: readonly Picking[]): (order: FoundOrder) => Trace {
  return (order) => {
    const why = order.state === "cancel" ? whyKept(order, pickings) : null;
    return { model: MODEL, id: order.id, name: order.name, irreversible: why };
  };
}

function whyKept(order: FoundOrder, pickings: readonly Picking[]): string | null {
  if (pickings.some(({ state, sale_id }) => state === "done" && idOf(sale_id) === order.id)) return "delivered";
  return order.invoice_ids.length > 0 ? "invoiced" : null;
}

/** cancel cancels the orders that are not cancelled yet, and returns the ids of all cancelled orders. */
async function cancel(work: CleanupWork, all: readonly FoundOrder[], pickings: readonly Picking[]): Promise<readonly number[]> {
  const { session } = work;
  const before = all.filter(({ state }) => state === "cancel").map(({ id }) => id);
  const ids = all.filter(({ state }) => state !== "cancel").map(({ id }) => id);
  const open = pickings.filter(({ state }) => state !== "done").map(({ id }) => id);
  await unpick(work, open);
  await unlock(work, ids);
  const now = await inChunks(work, { model: MODEL, ids }, async (chunk) => {
    const call = { model: MODEL, method: "action_cancel", args: [chunk], kwargs: WITHOUT_WINDOW };
    const answer = await session.call(call, z.unknown());
    // Odoo 14 loses the context when it repeats a call after a conflict, and opens the window then.
    if (answer !== true) for (const id of chunk) await confirmCancel(work, id);
  });
  return [...before, ...now];
}

/** unlock unlocks orders. A shop may lock its orders on confirmation, and Odoo does not cancel a locked order. */
async function unlock(work: CleanupWork, orderIds: readonly number[]): Promise<void> {
  if (orderIds.length === 0 || !orderLock.pick(work.facts)) return;
  const domain = [
    ["id", "in", orderIds],
    ["locked", "=", true],
  ];
  const ids = await searchIds(work.session, { model: MODEL, domain });
  // The method returns nothing.
  await inChunks(work, { model: MODEL, ids }, (chunk) =>
    work.session.call({ model: MODEL, method: "action_unlock", args: [chunk] }, z.unknown()),
  );
}

/** confirmCancel cancels one order with the button of the window, which needs no context. */
async function confirmCancel({ session }: CleanupWork, orderId: number): Promise<void> {
  const create = { model: CANCEL_WIZARD, method: "create", args: [{ order_id: orderId }] };
  const wizard = await session.call(create, z.number());
  await session.call({ model: CANCEL_WIZARD, method: "action_cancel", args: [[wizard]] }, z.literal(true));
}
