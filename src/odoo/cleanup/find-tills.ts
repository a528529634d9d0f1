import { z } from "zod";
import { tillClosing } from "../capabilities/till-closing.ts";
import { idOf, manyToOne, searchRead } from "../search-read.ts";
import { type CleanupWork, startsWithStamp } from "./cleanup-area.ts";

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
