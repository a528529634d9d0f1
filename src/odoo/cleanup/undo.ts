import { z } from "zod";

import type { Capabilities } from "../../domain/target/capabilities.ts";
import { picking } from "../capabilities/stock.ts";
import { OdooFault } from "../connection/json-rpc.ts";
import { searchIds } from "../connection/session.ts";
import type { CleanupWork } from "./cleanup-area.ts";

/** Records per call. To cancel ten orders takes a few seconds; Odoo kills a worker after a minute of CPU time. */
const CHUNK = 10;

/** The fault of a record that another user removed between search and call. */
const MISSING = "odoo.exceptions.MissingError";

/** Maximum length of a message of Odoo, in characters. */
const LONGEST = 160;

/**
 * Where the server stores a picked quantity, and the value that clears it. A flag of a move also applies to the lines of the
 * move.
 */
const PICKED: Readonly<Record<Capabilities["picking"], { model: string; picked: readonly unknown[]; unpicked: object }>> = {
  "qty-done": { model: "stock.move.line", picked: ["qty_done", ">", 0], unpicked: { qty_done: 0 } },
  picked: { model: "stock.move", picked: ["picked", "=", true], unpicked: { picked: false } },
};

const windowShape = z.object({ res_model: z.string() });

type Attempt = Pick<CleanupWork, "tally" | "signal">;

interface Records {
  readonly model: string;
  readonly ids: readonly number[];
}

/** removeRecords deletes records of one model, counts them, and returns the ids of the deleted records. */
export async function removeRecords(work: CleanupWork, model: string, ids: readonly number[]): Promise<readonly number[]> {
  const { session, tally } = work;
  const done = await inChunks(work, { model, ids }, (chunk) =>
    session.call({ model, method: "unlink", args: [chunk] }, z.literal(true)),
  );
  tally.add(model, "removed", done.length);
  return done;
}

/**
 * inChunks calls `act` with a few records at a time. If Odoo refuses a chunk, it calls `act` for each record of the chunk. A
 * refusal of a single record is noted in the tally with Odoo's message. It returns the ids for which `act` succeeded.
 */
export async function inChunks(
  work: Attempt,
  { model, ids }: Records,
  act: (ids: readonly number[]) => Promise<unknown>,
): Promise<readonly number[]> {
  const done: number[] = [];
  for (let from = 0; from < ids.length; from += CHUNK) {
    const chunk = ids.slice(from, from + CHUNK);
    work.signal.throwIfAborted();
    if (chunk.length > 1 && (await faultOf(() => act(chunk))) === null) {
      done.push(...chunk);
      continue;
    }
    for (const id of chunk) if (await attempt(work, { model, ids: [id] }, () => act([id]))) done.push(id);
  }
  return done;
}

/** attempt calls `act` once. If Odoo refuses, it notes the refusal for all of the records and returns false. */
export async function attempt(work: Attempt, { model, ids }: Records, act: () => Promise<unknown>): Promise<boolean> {
  work.signal.throwIfAborted();
  const fault = await faultOf(act);
  if (fault !== null && fault.fault !== MISSING) {
    work.tally.refuse(model, ids, `Odoo refuses: ${inOneLine(fault.message) || fault.fault}`);
  }
  return fault === null;
}

async function faultOf(act: () => Promise<unknown>): Promise<OdooFault | null> {
  try {
    await act();
    return null;
  } catch (error) {
    if (error instanceof OdooFault) return error;
    throw error;
  }
}

function inOneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

/**
 * unpick clears the picked quantities of pickings that were not validated. The next validation would deliver them, and they can
 * prevent Odoo from deleting a cancelled picking.
 */
export async function unpick({ session, facts }: CleanupWork, pickingIds: readonly number[]): Promise<void> {
  if (pickingIds.length === 0) return;
  const { model, picked, unpicked } = PICKED[picking.pick(facts)];
  const domain = [["picking_id", "in", pickingIds], ["state", "not in", ["done", "cancel"]], picked];
  const ids = await searchIds(session, { model, domain });
  if (ids.length === 0) return;
  await session.call({ model, method: "write", args: [ids, unpicked] }, z.literal(true));
}

/**
 * refuseWindow throws an OdooFault if Odoo answers a call with a window. Odoo opens a window to ask the user a question, and has
 * not carried out the call then.
 */
export function refuseWindow(answer: unknown, doing: string): void {
  if (answer === true) return;
  const window = windowShape.safeParse(answer);
  throw new OdooFault("window", `${doing} opens a window (${window.data?.res_model ?? "of an unknown kind"})`);
}
