import { z } from "zod";
import type { CleanupWork } from "./cleanup-area.ts";
import { inChunks } from "./in-chunks.ts";

/** removeRecords deletes records of one model, counts them, and gives the ids of those that are gone. */
export async function removeRecords(work: CleanupWork, model: string, ids: readonly number[]): Promise<readonly number[]> {
  const { session, tally } = work;
  const done = await inChunks(work, { model, ids }, (chunk) =>
    session.call({ model, method: "unlink", args: [chunk] }, z.literal(true)),
  );
  tally.add(model, "removed", done.length);
  return done;
}
