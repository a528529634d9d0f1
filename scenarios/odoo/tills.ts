import { isRecord, refuse, textOf } from "../lib/answer.ts";
import { makeStamp, writeLedger } from "../lib/ledger.ts";
import type { Arm } from "../../src/domain/arm.ts";
import type { Plan, Till } from "../../src/domain/load/plan.ts";
import { readId, readRecords } from "../lib/rpc.ts";
import { ARMS, callAside, type Office, type Sessions } from "../lib/session.ts";
import { variantOf } from "../lib/variant.ts";
import { PROTOCOLS } from "./point-of-sale.ts";
import type { TillProtocol } from "./till-protocol.ts";

/** OpenTills holds the id of the session that the run opened on each till of the plan, in the plan's order, arm by arm. */
export type OpenTills = Partial<Readonly<Record<Arm, readonly number[]>>>;

const SCENARIO = "store-orders";

/**
 * openTills opens every till of the plan in each arm, as stores do in the morning. A till has one open session at a time, so
 * bursts share them. Opening is not part of the load.
 */
export function openTills(plan: Plan, sessions: Sessions): OpenTills {
  const tills: Partial<Record<Arm, number[]>> = {};
  try {
    for (const office of officesOf(plan, sessions)) {
      const opened: number[] = [];
      tills[office.arm] = opened;
      for (const till of plan.data.store.tills) opened.push(open(plan, office, till));
    }
    return tills;
  } catch (error) {
    // k6 runs no teardown after a failed set-up, and a till with an open session cannot be opened again.
    closeTills(plan, { sessions, tills });
    throw error;
  }
}

/** closeTills closes the opened tills. A till that cannot be closed is reported in the log; the business rules find it open. */
export function closeTills(plan: Plan, { sessions, tills }: { sessions: Sessions; tills: OpenTills }): void {
  for (const office of officesOf(plan, sessions)) {
    for (const [place, id] of (tills[office.arm] ?? []).entries()) {
      const { configId = 0 } = plan.data.store.tills[place] ?? {};
      try {
        closeTill(office, id, variantOf(CLOSINGS, plan.capabilities.tillClosing));
        writeLedger(ownerOf(plan, office), { ...entryOf(plan, office, configId), ledger: "done", id });
      } catch (error) {
        console.warn(JSON.stringify({ failure: "application", text: error instanceof Error ? error.message : String(error) }));
      }
    }
  }
}

function open(plan: Plan, office: Office, { configId }: Till): number {
  const entry = entryOf(plan, office, configId);
  const owner = ownerOf(plan, office);
  writeLedger(owner, { ...entry, ledger: "intent", id: null });
  const protocol = variantOf(PROTOCOLS, plan.capabilities.storeOrders);
  const id = openTill(office, { configId, stamp: entry.ref, protocol });
  writeLedger(owner, { ...entry, ledger: "created", id });
  return id;
}

function entryOf({ runId }: Plan, { arm }: Office, configId: number) {
  return { model: "pos.session", ref: `${makeStamp({ runId, arm })}so-till-${configId}`, detail: { configId } };
}

function ownerOf({ runId }: Plan, { arm }: Office) {
  return { runId, arm, scenario: SCENARIO } as const;
}

function officesOf(plan: Plan, sessions: Sessions): Office[] {
  if (plan.scenarios[SCENARIO] === undefined) return [];
  return ARMS.flatMap((arm) => {
    const [target, session] = [plan.arms[arm], sessions[arm]];
    return target === undefined || session === undefined ? [] : [{ arm, target, session }];
  });
}

const MODEL = "pos.session";

/** Closing ends a session. */
type Closing = (office: Office, id: number) => void;

/** CLOSINGS are the variants of the capability `tillClosing`. */
const CLOSINGS: Readonly<Record<"button" | "counted", Closing>> = { button: closeByButton, counted: closeByCount };

/** openTill opens a session that bears the run's stamp. Where cash is counted, the expected amount is reported. */
function openTill(office: Office, till: { configId: number; stamp: string; protocol: TillProtocol }): number {
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
function closeTill(office: Office, id: number, close: Closing): void {
  close(office, id);
  const state = textOf(readSession(office, id, ["state"])["state"]);
  if (state !== "closed") refuse(`session ${id} is ${state}, not closed`);
}

/** The button of the back office. It suffices where no cash is counted. */
function closeByButton(office: Office, id: number): void {
  callAside(office, { model: MODEL, method: "action_pos_session_closing_control", args: [[id]] }, () => null);
}

/** The till counts its cash, reports it and then closes. The tills of the load take no cash, so the amount is unchanged. */
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
