import type { CleanupWork } from "./cleanup-area.ts";
import { OdooFault } from "../odoo-fault.ts";

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
