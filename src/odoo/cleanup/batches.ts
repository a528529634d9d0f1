import { z } from "zod";

import { searchIds, searchRead } from "../connection/session.ts";
import { type CleanupArea, type CleanupWork, idsToUndo, startsWithStamp } from "./cleanup-area.ts";
import { inChunks, removeRecords, unpick } from "./undo.ts";

const MODEL = "stock.picking.batch";
const PICKING = "stock.picking";

const batchShape = z.object({ id: z.number(), name: z.string(), state: z.string() });
const contentShape = z.object({ id: z.number(), state: z.string(), picking_ids: z.array(z.number()) });

/** batches is the area of the waves. Their pickings existed before the run: pickings that are not done become available again. */
export const batches: CleanupArea = {
  label: "batches",
  scenarios: ["picking-wave"],
  async scan(work) {
    const domain = [["name", "=like", startsWithStamp(work)]];
    const found = await searchRead(work.session, { model: MODEL, domain, fields: ["name", "state"] }, batchShape);
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

/** putBack takes the pickings that are not done out of their batches. */
async function putBack(work: CleanupWork, batchIds: readonly number[]): Promise<void> {
  const { session, tally } = work;
  const domain = [
    ["batch_id", "in", batchIds],
    ["state", "!=", "done"],
  ];
  const ids = await searchIds(session, { model: PICKING, domain });
  await unpick(work, ids);
  const freed = await inChunks(work, { model: PICKING, ids }, (chunk) =>
    session.call({ model: PICKING, method: "write", args: [chunk, { batch_id: false }] }, z.literal(true)),
  );
  tally.add(PICKING, "reversed", freed.length);
}

/**
 * removeEmpty deletes batches without pickings. Odoo deletes only drafts and has no button that makes a batch a draft again, so
 * the state of a batch without pickings is written directly.
 */
async function removeEmpty(work: CleanupWork, batchIds: readonly number[]): Promise<void> {
  const { session } = work;
  const search = { model: MODEL, domain: [["id", "in", batchIds]], fields: ["state", "picking_ids"] };
  const empty = (await searchRead(session, search, contentShape)).filter(({ picking_ids }) => picking_ids.length === 0);
  const started = empty.filter(({ state }) => state !== "draft").map(({ id }) => id);
  await inChunks(work, { model: MODEL, ids: started }, (chunk) =>
    session.call({ model: MODEL, method: "write", args: [chunk, { state: "draft" }] }, z.literal(true)),
  );
  const ids = empty.map(({ id }) => id);
  await removeRecords(work, MODEL, ids);
}
