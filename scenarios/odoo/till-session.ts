import { callAside } from "../lib/aside.ts";
import type { Office } from "../lib/aside.ts";
import { isRecord, textOf } from "../lib/classify.ts";
import { readId, readRecords } from "../lib/rpc.ts";
import { refuse } from "../lib/step-failure.ts";
import type { TillProtocol } from "./till-protocol.ts";

const MODEL = "pos.session";

/** Closing ends a session. */
type Closing = (office: Office, id: number) => void;

/** CLOSINGS are the ways of the capability `tillClosing`. */
export const CLOSINGS: Readonly<Record<"button" | "counted", Closing>> = { button: closeByButton, counted: closeByCount };

/** openTill opens a session that bears the run's stamp. Where cash is counted, what should be there is there. */
export function openTill(office: Office, till: { configId: number; stamp: string; protocol: TillProtocol }): number {
  const { configId, stamp, protocol } = till;
  const id = callAside(office, { model: MODEL, method: "create", args: [{ config_id: configId, name: stamp }] }, readId);
  const session = readSession(office, id, ["state", "cash_register_balance_start"]);
  if (session["state"] === "opening_control") {
    const cash = Number(session["cash_register_balance_start"]);
    callAside(office, { model: MODEL, method: protocol.opening, args: [[id], cash, stamp] }, () => null);
  }
  const state = textOf(readSession(office, id, ["state"])["state"]);
  return state === "opened" ? id : refuse(`the session of till ${configId} is ${state}, not opened`);
}

/** closeTill closes a session: Odoo posts its entry and, where tills do so at their end of day, moves the stock. */
export function closeTill(office: Office, id: number, close: Closing): void {
  close(office, id);
  const state = textOf(readSession(office, id, ["state"])["state"]);
  if (state !== "closed") refuse(`session ${id} is ${state}, not closed`);
}

/** The back office's button; it suffices where no cash is counted. */
function closeByButton(office: Office, id: number): void {
  callAside(office, { model: MODEL, method: "action_pos_session_closing_control", args: [[id]] }, () => null);
}

/** The till counts its cash, states it and then closes. The tills of the load take no cash, so it is what it was. */
function closeByCount(office: Office, id: number): void {
  const session = readSession(office, id, ["cash_control", "cash_register_balance_end"]);
  if (session["cash_control"] === true) {
    const cash = Number(session["cash_register_balance_end"]);
    callAside(office, { model: MODEL, method: "post_closing_cash_details", args: [[id], cash] }, readSuccess);
  }
  callAside(office, { model: MODEL, method: "update_closing_control_state_session", args: [[id], ""] }, () => null);
  callAside(office, { model: MODEL, method: "close_session_from_ui", args: [[id]] }, readSuccess);
}

function readSession(office: Office, id: number, fields: readonly string[]): Readonly<Record<string, unknown>> {
  return callAside(office, { model: MODEL, method: "read", args: [[id], fields] }, (result) => readRecords(result, 1)[0] ?? {});
}

/** A till's question is answered with `successful` and, where it is false, a message. */
function readSuccess(result: unknown): void {
  if (!isRecord(result) || result["successful"] !== true) refuse(`Odoo answers ${JSON.stringify(result)?.slice(0, 200)}`);
}
