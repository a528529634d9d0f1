import { z } from "zod";

import type { Capabilities } from "../../domain/target/capabilities.ts";
import { storeOrders, tillClosing } from "../capabilities/store.ts";
import { OdooFault } from "../connection/json-rpc.ts";
import { idOf, manyToOne, type OdooSession, searchRead } from "../connection/session.ts";
import { type CleanupArea, type CleanupWork, startsWithStamp, type Trace } from "./cleanup-area.ts";
import { attempt, inChunks, removeRecords, unpick } from "./undo.ts";

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

const order = z.object({ id: z.number(), pos_reference: z.string(), state: z.string(), session_id: manyToOne });
const session = z.object({ id: z.number(), name: z.string(), state: z.string(), move_id: manyToOne });

/** FoundTillOrder is an order of a till that bears the run's stamp on its receipt. */
export interface FoundTillOrder {
  readonly id: number;
  readonly receipt: string;
  readonly state: string;
  readonly sessionId: number | null;
}

/** FoundSession is a session of a till that the run opened, or that Odoo opened for orders that came after it was closed. */
export interface FoundSession {
  readonly id: number;
  readonly name: string;
  readonly state: string;
  /** Its entry in the books. */
  readonly moveId: number | null;
}

export async function findTillOrders(work: CleanupWork): Promise<readonly FoundTillOrder[]> {
  const domain = [["pos_reference", "=like", startsWithStamp(work)]];
  const search = { model: "pos.order", domain, fields: ["pos_reference", "state", "session_id"] };
  const found = await searchRead(work.session, search, order);
  return found.map(({ id, pos_reference, state, session_id }) => ({
    id,
    receipt: pos_reference,
    state,
    sessionId: idOf(session_id),
  }));
}

/**
 * findSessions goes by the stamp in their names, or in the notes of their opening where a till names its session anew then. An
 * order of the run in a session of others gives no right to close that one.
 */
export async function findSessions({ session: odoo, stamp, facts }: CleanupWork): Promise<readonly FoundSession[]> {
  const named = ["name", "like", stamp];
  const domain = tillClosing.pick(facts) === "counted" ? ["|", named, ["opening_notes", "like", stamp]] : [named];
  const search = { model: "pos.session", domain, fields: ["name", "state", "move_id"] };
  const found = await searchRead(odoo, search, session);
  return found.map(({ id, name, state, move_id }) => ({ id, name, state, moveId: idOf(move_id) }));
}

const MODEL = "pos.session";

const shape = z.object({
  state: z.string(),
  cash_control: z.boolean(),
  cash_register_balance_start: z.number(),
  cash_register_balance_end: z.number(),
});

/** What a till is told by the method that states its cash at the start, by the way in which it hands over orders. */
const OPENING: Readonly<Record<Capabilities["storeOrders"], string>> = {
  "create-from-ui": "set_cashbox_pos",
  "sync-from-ui": "set_opening_control",
};

const success = z.looseObject({ successful: z.boolean(), message: z.string().optional() });

/** closeSession closes a session that a run left open, with the cash that should be there: its till is free again then. */
export async function closeSession({ session, facts }: Pick<CleanupWork, "session" | "facts">, id: number): Promise<void> {
  const call = (method: string, ...args: readonly unknown[]) =>
    session.call({ model: MODEL, method, args: [[id], ...args] }, z.unknown());
  const before = await readSession(session, id);
  if (before?.state === "opening_control") {
    await call(OPENING[storeOrders.pick(facts)], before.cash_register_balance_start, "");
  }
  if (tillClosing.pick(facts) === "counted") {
    const cash = before?.cash_register_balance_end ?? 0;
    if (before?.cash_control === true) requireSuccess(await call("post_closing_cash_details", cash));
    requireSuccess(await call("close_session_from_ui"));
  } else await call("action_pos_session_closing_control");
  const after = await readSession(session, id);
  if (after?.state !== "closed") throw new OdooFault("open", `the session is ${after?.state ?? "gone"} after it was closed`);
}

async function readSession(session: OdooSession, id: number): Promise<z.infer<typeof shape> | undefined> {
  const fields = ["state", "cash_control", "cash_register_balance_start", "cash_register_balance_end"];
  return (await searchRead(session, { model: MODEL, domain: [["id", "=", id]], fields }, shape))[0];
}

function requireSuccess(answer: unknown): void {
  const said = success.safeParse(answer);
  if (said.data?.successful !== true) throw new OdooFault("open", said.data?.message ?? "the session cannot be closed");
}
