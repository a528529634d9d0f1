import { z } from "zod";

import type { Capabilities } from "../../domain/target/capabilities.ts";
import { picking } from "../capabilities/stock.ts";
import { OdooFault } from "../connection/json-rpc.ts";
import { searchRead } from "../connection/session.ts";
import type { CleanupWork } from "./cleanup-area.ts";

/** removeRecords deletes records of one model, counts them, and gives the ids of those that are gone. */
export async function removeRecords(work: CleanupWork, model: string, ids: readonly number[]): Promise<readonly number[]> {
  const { session, tally } = work;
  const done = await inChunks(work, { model, ids }, (chunk) =>
    session.call({ model, method: "unlink", args: [chunk] }, z.literal(true)),
  );
  tally.add(model, "removed", done.length);
  return done;
}

/** Ten orders take a few seconds to cancel: far from the minute of CPU after which Odoo kills its worker. */
const CHUNK = 10;

/** Somebody else removed the record between search and deed. */
const MISSING = "odoo.exceptions.MissingError";

/** Longest text of Odoo that is shown. */
const LONGEST = 160;

type Attempt = Pick<CleanupWork, "tally" | "signal">;

interface Records {
  readonly model: string;
  readonly ids: readonly number[];
}

/**
 * inChunks does something to records, a few in one call, and one by one where Odoo refuses a chunk. What it refuses alone is
 * noted with Odoo's own words. The answer are the ids for which it was done.
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

/** attempt does something once; where Odoo refuses it, that is noted for all of the records, and the answer is false. */
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

/** Where it stands that something was picked, and what is written there when it was not: a mark of a move goes for its lines too. */
const WAYS: Readonly<Record<Capabilities["picking"], { model: string; picked: readonly unknown[]; unpicked: object }>> = {
  "qty-done": { model: "stock.move.line", picked: ["qty_done", ">", 0], unpicked: { qty_done: 0 } },
  picked: { model: "stock.move", picked: ["picked", "=", true], unpicked: { picked: false } },
};

/**
 * unpick takes back what was stated as picked in pickings that were not validated: it would be delivered by the next validation,
 * and can keep Odoo from deleting a cancelled picking.
 */
export async function unpick({ session, facts }: CleanupWork, pickingIds: readonly number[]): Promise<void> {
  if (pickingIds.length === 0) return;
  const { model, picked, unpicked } = WAYS[picking.pick(facts)];
  const domain = [["picking_id", "in", pickingIds], ["state", "not in", ["done", "cancel"]], picked];
  const found = await searchRead(session, { model, domain, fields: ["id"] }, z.object({ id: z.number() }));
  const ids = found.map(({ id }) => id);
  if (ids.length === 0) return;
  await session.call({ model, method: "write", args: [ids, unpicked] }, z.literal(true));
}

const window = z.object({ res_model: z.string() });

/** refuseWindow takes for a refusal what Odoo answers where it would ask a person: a window to open; nothing was done then. */
export function refuseWindow(answer: unknown, doing: string): void {
  if (answer === true) return;
  const asked = window.safeParse(answer);
  throw new OdooFault("window", `${doing} opens a window (${asked.data?.res_model ?? "of an unknown kind"})`);
}
