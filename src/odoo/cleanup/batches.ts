import { z } from "zod";

import { searchRead } from "../connection/session.ts";
import { type CleanupArea, type CleanupWork, idsToUndo, startsWithStamp } from "./cleanup-area.ts";
import { inChunks, removeRecords, unpick } from "./undo.ts";

const MODEL = "stock.picking.batch";
const PICKING = "stock.picking";

const batch = z.object({ id: z.number(), name: z.string(), state: z.string() });

/**
 * batches are the waves. Their pickings were there before the run: those that are not done go back to where waves take them from.
 */
export const batches: CleanupArea = {
  label: "batches",
  scenarios: ["picking-wave"],
  async scan(work) {
    const domain = [["name", "=like", startsWithStamp(work)]];
    const found = await searchRead(work.session, { model: MODEL, domain, fields: ["name", "state"] }, batch);
    return found.map(({ id, name, state }) => ({
      model: MODEL,
      id,
      name,
      irreversible: state === "done" ? "deliveries done" : null,
    }));
  },
  async clear(work, found) {
    const ids = idsToUndo(found, MODEL);
    if (ids.length === 0) return;
    await putBack(work, ids);
    await removeEmpty(work, ids);
  },
};

async function putBack(work: CleanupWork, batchIds: readonly number[]): Promise<void> {
  const { session, tally } = work;
  const domain = [
    ["batch_id", "in", batchIds],
    ["state", "!=", "done"],
  ];
  const found = await searchRead(session, { model: PICKING, domain, fields: ["id"] }, z.object({ id: z.number() }));
  const ids = found.map(({ id }) => id);
  await unpick(work, ids);
  const freed = await inChunks(work, { model: PICKING, ids }, (chunk) =>
    session.call({ model: PICKING, method: "write", args: [chunk, { batch_id: false }] }, z.literal(true)),
  );
  tally.add(PICKING, "reversed", freed.length);
}

/** Odoo deletes drafts only, and has no button that leads back to one; a batch without pickings may well be one again. */
async function removeEmpty(work: CleanupWork, batchIds: readonly number[]): Promise<void> {
  const { session } = work;
  const shape = batch.extend({ picking_ids: z.array(z.number()) });
  const search = { model: MODEL, domain: [["id", "in", batchIds]], fields: ["name", "state", "picking_ids"] };
  const empty = (await searchRead(session, search, shape)).filter(({ picking_ids }) => picking_ids.length === 0);
  const begun = empty.filter(({ state }) => state !== "draft").map(({ id }) => id);
  await inChunks(work, { model: MODEL, ids: begun }, (chunk) =>
    session.call({ model: MODEL, method: "write", args: [chunk, { state: "draft" }] }, z.literal(true)),
  );
  await removeRecords(
    work,
    MODEL,
    empty.map(({ id }) => id),
  );
}
