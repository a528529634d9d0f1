import { z } from "zod";

import type { Capabilities } from "../../domain/target/capabilities.ts";
import { storeOrders } from "../capabilities/store-orders.ts";
import { tillClosing } from "../capabilities/till-closing.ts";
import { OdooFault } from "../odoo-fault.ts";
import type { OdooSession } from "../odoo-session.ts";
import { searchRead } from "../search-read.ts";
import type { CleanupWork } from "./cleanup-area.ts";

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
