import { z } from "zod";

import { idOf, manyToOne, searchRead } from "../connection/session.ts";
import { type CleanupArea, type CleanupWork, startsWithStamp, type Trace } from "./cleanup-area.ts";
import { orderLock } from "./cleanup-facts.ts";
import { inChunks, removeRecords, unpick } from "./undo.ts";

const MODEL = "sale.order";
const PICKING = "stock.picking";

const pickingShape = z.object({ id: z.number(), name: z.string(), state: z.string(), sale_id: manyToOne });

type Picking = z.infer<typeof pickingShape>;

/**
 * orders are those of imports and checkouts, carts included, with the deliveries that are not done. They are cancelled, which
 * frees what was reserved, and deleted, deliveries first. An order that was delivered or invoiced stays, cancelled.
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
    // All of them: an order that stays may have a delivery that does not.
    const all = await findOrders(work);
    const pickings = await findPickings(work, all);
    const cancelled = await cancel(work, all, pickings);
    const isOver = (orderId: number | null) => orderId !== null && cancelled.includes(orderId);
    const undelivered = pickings.filter(({ state, sale_id }) => state !== "done" && isOver(idOf(sale_id)));
    const gone = new Set(
      await removeRecords(
        work,
        PICKING,
        undelivered.map(({ id }) => id),
      ),
    );
    // Without its order nobody would find a picking that Odoo refused to delete.
    const blocked = new Set(undelivered.filter(({ id }) => !gone.has(id)).map(({ sale_id }) => idOf(sale_id)));
    const over = all.filter(({ id }) => isOver(id) && !blocked.has(id));
    const kept = over.filter((order) => whyKept(order, pickings) !== null);
    work.tally.add(MODEL, "cancelled", kept.filter(({ state }) => state !== "cancel").length);
    await removeRecords(
      work,
      MODEL,
      over.filter((order) => !kept.includes(order)).map(({ id }) => id),
    );
  },
};

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

/** Keeps Odoo from asking by a window, which it would do for each order by itself. */
const WITHOUT_WINDOW = { context: { disable_cancel_warning: true } };

/** cancel cancels what is not cancelled yet, and gives all that are then. */
async function cancel(work: CleanupWork, all: readonly FoundOrder[], pickings: readonly Picking[]): Promise<readonly number[]> {
  const { session } = work;
  const before = all.filter(({ state }) => state === "cancel").map(({ id }) => id);
  const ids = all.filter(({ state }) => state !== "cancel").map(({ id }) => id);
  await unpick(
    work,
    pickings.filter(({ state }) => state !== "done").map(({ id }) => id),
  );
  await unlock(work, ids);
  const now = await inChunks(work, { model: MODEL, ids }, async (chunk) => {
    const call = { model: MODEL, method: "action_cancel", args: [chunk], kwargs: WITHOUT_WINDOW };
    const answer = await session.call(call, z.unknown());
    // Odoo 14 loses the context when it repeats a call after a conflict, and then asks all the same.
    if (answer !== true) for (const id of chunk) await confirmCancel(work, id);
  });
  return [...before, ...now];
}

/** A shop may lock its orders when they are confirmed; Odoo cancels no locked one. */
async function unlock(work: CleanupWork, orderIds: readonly number[]): Promise<void> {
  if (orderIds.length === 0 || !orderLock.pick(work.facts)) return;
  const domain = [
    ["id", "in", orderIds],
    ["locked", "=", true],
  ];
  const locked = await searchRead(work.session, { model: MODEL, domain, fields: ["id"] }, z.object({ id: z.number() }));
  const ids = locked.map(({ id }) => id);
  // The method returns nothing.
  await inChunks(work, { model: MODEL, ids }, (chunk) =>
    work.session.call({ model: MODEL, method: "action_unlock", args: [chunk] }, z.unknown()),
  );
}

/** The window's button cancels in any case, and needs no context. */
async function confirmCancel({ session }: CleanupWork, orderId: number): Promise<void> {
  const model = "sale.order.cancel";
  const wizard = await session.call({ model, method: "create", args: [{ order_id: orderId }] }, z.number());
  await session.call({ model, method: "action_cancel", args: [[wizard]] }, z.literal(true));
}

const shape = z.object({ id: z.number(), name: z.string(), state: z.string(), invoice_ids: z.array(z.number()) });

export type FoundOrder = z.infer<typeof shape>;

/**
 * findOrders finds the orders of a run: imported ones by their reference, those of the shop by the shopper's address, and carts
 * that never got to an address by the campaign that scenarios/checkout.ts sends its shoppers from.
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
  return searchRead(work.session, { model: "sale.order", domain, fields: ["name", "state", "invoice_ids"] }, shape);
}
