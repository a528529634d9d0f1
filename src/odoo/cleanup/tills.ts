import { z } from "zod";
import { searchRead } from "../search-read.ts";
import type { CleanupArea, CleanupWork } from "./cleanup-area.ts";
import { closeSession } from "./close-session.ts";
import { type FoundSession, type FoundTillOrder, findSessions, findTillOrders } from "./find-tills.ts";
import { attempt, inChunks } from "./in-chunks.ts";
import { removeRecords } from "./remove-records.ts";
import type { Trace } from "./trace.ts";
import { unpick } from "./unpick.ts";

const ORDER = "pos.order";
const PAYMENT = "pos.payment";
const SESSION = "pos.session";
const PICKING = "stock.picking";
const ENTRY = "account.move";
const STATEMENT = "account.bank.statement";

/** Why an order stays, by its state. */
const KEPT: Readonly<Record<string, string>> = { paid: "paid in a session of others", done: "posted", invoiced: "invoiced" };

/**
 * tills are the sessions of tills, with their orders. Odoo deletes neither a session nor an order that is paid: what is open is
 * closed, which posts it and frees the till, and stays. Done pickings are deliveries like others, and come back as such.
 */
export const tills: CleanupArea = {
  label: "till sessions",
  scenarios: ["store-orders"],
  async scan(work) {
    const sessions = await findSessions(work);
    return [
      ...(await findPickings(work, sessions)),
      ...(await findTillOrders(work)).map(traceOfOrder(sessions)),
      ...sessions.map(({ id, name, state }) => ({
        model: SESSION,
        id,
        name,
        irreversible: state === "closed" ? "closed and posted" : null,
      })),
      ...(await findEntries(work, sessions)),
      ...(await findStatements(work)),
    ];
  },
  async clear(work) {
    await removeDrafts(work);
    const sessions = await findSessions(work);
    for (const { id } of sessions.filter(({ state }) => state !== "closed")) {
      await attempt(work, { model: SESSION, ids: [id] }, () => closeSession(work, id));
    }
    await removePickings(work, await findPickings(work, sessions));
  },
};

function traceOfOrder(sessions: readonly FoundSession[]): (order: FoundTillOrder) => Trace {
  const open = new Set(sessions.filter(({ state }) => state !== "closed").map(({ id }) => id));
  return ({ id, receipt, state, sessionId }) => {
    const willChange = state === "draft" || (state === "paid" && open.has(sessionId ?? 0));
    return { model: ORDER, id, name: receipt, irreversible: willChange ? null : (KEPT[state] ?? state) };
  };
}

/** Pickings that failed, which Odoo hides from the till: the goods never left. */
async function findPickings({ session }: CleanupWork, sessions: readonly FoundSession[]): Promise<readonly Trace[]> {
  const domain = [
    ["pos_session_id", "in", sessions.map(({ id }) => id)],
    ["state", "!=", "done"],
  ];
  const shape = z.object({ id: z.number(), name: z.string() });
  const found = await searchRead(session, { model: PICKING, domain, fields: ["name"] }, shape);
  return found.map(({ id, name }) => ({ model: PICKING, id, name, irreversible: null }));
}

async function findEntries({ session }: CleanupWork, sessions: readonly FoundSession[]): Promise<readonly Trace[]> {
  const domain = [["id", "in", sessions.flatMap(({ moveId }) => moveId ?? [])]];
  const shape = z.object({ id: z.number(), name: z.union([z.string(), z.literal(false)]) });
  const found = await searchRead(session, { model: ENTRY, domain, fields: ["name"] }, shape);
  return found.map(({ id, name }) => ({ model: ENTRY, id, name: name === false ? `entry ${id}` : name, irreversible: "posted" }));
}

/** Up to Odoo 15 a session has a statement for its cash, which bears its name, also where no cash was taken. */
async function findStatements({ session, stamp }: CleanupWork): Promise<readonly Trace[]> {
  const shape = z.object({ id: z.number(), name: z.union([z.string(), z.literal(false)]) });
  const found = await searchRead(session, { model: STATEMENT, domain: [["name", "like", stamp]], fields: ["name"] }, shape);
  return found.map(({ id, name }) => ({ model: STATEMENT, id, name: String(name), irreversible: "belongs to its session" }));
}

/** An order that Odoo took and could not process keeps its session from being closed. */
async function removeDrafts(work: CleanupWork): Promise<void> {
  const drafts = (await findTillOrders(work)).filter(({ state }) => state === "draft").map(({ id }) => id);
  const search = { model: PAYMENT, domain: [["pos_order_id", "in", drafts]], fields: ["id"] };
  const payments = await searchRead(work.session, search, z.object({ id: z.number() }));
  await removeRecords(
    work,
    PAYMENT,
    payments.map(({ id }) => id),
  );
  await removeRecords(work, ORDER, drafts);
}

async function removePickings(work: CleanupWork, pickings: readonly Trace[]): Promise<void> {
  const ids = pickings.map(({ id }) => id);
  await unpick(work, ids);
  const cancelled = await inChunks(work, { model: PICKING, ids }, (chunk) =>
    work.session.call({ model: PICKING, method: "action_cancel", args: [chunk] }, z.unknown()),
  );
  await removeRecords(work, PICKING, cancelled);
}
