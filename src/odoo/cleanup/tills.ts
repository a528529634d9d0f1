import { z } from "zod";

import type { Capabilities } from "../../domain/target/capabilities.ts";
import { storeOrders, tillClosing } from "../capabilities/store.ts";
import { OdooFault } from "../connection/json-rpc.ts";
import { idOf, manyToOne, type OdooSession, searchIds, searchRead } from "../connection/session.ts";
import { type CleanupArea, type CleanupWork, findTraces, startsWithStamp, type Trace } from "./cleanup-area.ts";
import { attempt, inChunks, removeRecords, unpick } from "./undo.ts";

const ORDER = "pos.order";
const PAYMENT = "pos.payment";
const SESSION = "pos.session";
const PICKING = "stock.picking";
const ENTRY = "account.move";
const STATEMENT = "account.bank.statement";

/** The reason why an order stays, by state of the order. */
const KEPT: Readonly<Record<string, string>> = {
  paid: "paid in a session of another user",
  done: "posted",
  invoiced: "invoiced",
};

/** The method that states the opening cash of a session, by the server's variant of till orders. */
const SET_OPENING: Readonly<Record<Capabilities["storeOrders"], string>> = {
  "create-from-ui": "set_cashbox_pos",
  "sync-from-ui": "set_opening_control",
};

const orderShape = z.object({ id: z.number(), pos_reference: z.string(), state: z.string(), session_id: manyToOne });
const sessionShape = z.object({ id: z.number(), name: z.string(), state: z.string(), move_id: manyToOne });
const cashShape = z.object({
  state: z.string(),
  cash_control: z.boolean(),
  cash_register_balance_start: z.number(),
  cash_register_balance_end: z.number(),
});
const successShape = z.looseObject({ successful: z.boolean(), message: z.string().optional() });

/** TillOrder is a till order whose receipt bears the run's stamp. */
interface TillOrder {
  readonly id: number;
  readonly receipt: string;
  readonly state: string;
  readonly sessionId: number | null;
}

/** TillSession is a till session of the run, or a rescue session that Odoo opened for orders that arrived after the closing. */
interface TillSession {
  readonly id: number;
  readonly name: string;
  readonly state: string;
  /** The session's journal entry. */
  readonly moveId: number | null;
}

/**
 * tills is the area of the till sessions and their orders. Odoo deletes neither a session nor a paid order. An open session is
 * closed, which posts it and frees the till; it stays in Odoo. The done pickings of a session belong to the area of the
 * deliveries.
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

/**
 * findSessions finds sessions by the stamp in their name, or in their opening notes if Odoo renames a session on opening. A
 * session of another user that only contains an order of the run is not a result: the cleanup must not close it.
 */
export async function findSessions({ session, stamp, facts }: CleanupWork): Promise<readonly TillSession[]> {
  const named = ["name", "like", stamp];
  const domain = tillClosing.pick(facts) === "counted" ? ["|", named, ["opening_notes", "like", stamp]] : [named];
  const search = { model: SESSION, domain, fields: ["name", "state", "move_id"] };
  const found = await searchRead(session, search, sessionShape);
  return found.map(({ id, name, state, move_id }) => ({ id, name, state, moveId: idOf(move_id) }));
}

async function findTillOrders(work: CleanupWork): Promise<readonly TillOrder[]> {
  const domain = [["pos_reference", "=like", startsWithStamp(work)]];
  const search = { model: ORDER, domain, fields: ["pos_reference", "state", "session_id"] };
  const found = await searchRead(work.session, search, orderShape);
  return found.map(({ id, pos_reference, state, session_id }) => ({
    id,
    receipt: pos_reference,
    state,
    sessionId: idOf(session_id),
  }));
}

function traceOfOrder(sessions: readonly TillSession[]): (order: TillOrder) => Trace {
  const open = new Set(sessions.filter(({ state }) => state !== "closed").map(({ id }) => id));
  return ({ id, receipt, state, sessionId }) => {
    const willChange = state === "draft" || (state === "paid" && open.has(sessionId ?? 0));
    return { model: ORDER, id, name: receipt, irreversible: willChange ? null : (KEPT[state] ?? state) };
  };
}

/** findPickings finds failed pickings, which Odoo does not report to the till. Their goods never left the stock. */
function findPickings(work: CleanupWork, sessions: readonly TillSession[]): Promise<readonly Trace[]> {
  const domain = [
    ["pos_session_id", "in", sessions.map(({ id }) => id)],
    ["state", "!=", "done"],
  ];
  return findTraces(work, { model: PICKING, domain }, { word: "picking", irreversible: null });
}

function findEntries(work: CleanupWork, sessions: readonly TillSession[]): Promise<readonly Trace[]> {
  const domain = [["id", "in", sessions.flatMap(({ moveId }) => moveId ?? [])]];
  return findTraces(work, { model: ENTRY, domain }, { word: "entry", irreversible: "posted" });
}

/** findStatements finds the cash statements. Up to Odoo 15, every session has one with the session's name, even without cash. */
function findStatements(work: CleanupWork): Promise<readonly Trace[]> {
  const search = { model: STATEMENT, domain: [["name", "like", work.stamp]] };
  return findTraces(work, search, { word: "statement", irreversible: "belongs to its session" });
}

/** removeDrafts removes orders that Odoo accepted and could not process. Such an order prevents the closing of its session. */
async function removeDrafts(work: CleanupWork): Promise<void> {
  const drafts = (await findTillOrders(work)).filter(({ state }) => state === "draft").map(({ id }) => id);
  const payments = await searchIds(work.session, { model: PAYMENT, domain: [["pos_order_id", "in", drafts]] });
  await removeRecords(work, PAYMENT, payments);
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

/** closeSession closes an open session with the expected cash balance. */
async function closeSession({ session, facts }: CleanupWork, id: number): Promise<void> {
  const call = (method: string, ...args: readonly unknown[]) =>
    session.call({ model: SESSION, method, args: [[id], ...args] }, z.unknown());
  const before = await readCash(session, id);
  if (before?.state === "opening_control") {
    await call(SET_OPENING[storeOrders.pick(facts)], before.cash_register_balance_start, "");
  }
  if (tillClosing.pick(facts) === "counted") {
    const cash = before?.cash_register_balance_end ?? 0;
    if (before?.cash_control === true) requireSuccess(await call("post_closing_cash_details", cash));
    requireSuccess(await call("close_session_from_ui"));
  } else await call("action_pos_session_closing_control");
  const after = await readCash(session, id);
  if (after?.state !== "closed") throw new OdooFault("open", `the session is ${after?.state ?? "gone"} after it was closed`);
}

async function readCash(session: OdooSession, id: number): Promise<z.infer<typeof cashShape> | undefined> {
  const fields = ["state", "cash_control", "cash_register_balance_start", "cash_register_balance_end"];
  return (await searchRead(session, { model: SESSION, domain: [["id", "=", id]], fields }, cashShape))[0];
}

function requireSuccess(answer: unknown): void {
  const parsed = successShape.safeParse(answer);
  if (parsed.data?.successful !== true) throw new OdooFault("open", parsed.data?.message ?? "the session cannot be closed");
}
