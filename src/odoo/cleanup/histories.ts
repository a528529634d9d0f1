import { z } from "zod";

import { searchRead } from "../connection/session.ts";
import { type CleanupArea, type CleanupWork, idsKept, idsToUndo, type Trace } from "./cleanup-area.ts";
import { removeRecords } from "./undo.ts";

const MODEL = "mail.message";

const textOrFalse = z.union([z.string(), z.literal(false)]);
const shape = z.object({
  id: z.number(),
  model: textOrFalse,
  res_id: z.union([z.number(), z.literal(false)]),
  record_name: textOrFalse,
});

type Message = z.infer<typeof shape>;

/**
 * histories are notes below records that name the run. Those of its own records stay and go with them, such as "Transferred by:
 * Batch Transfer" below a delivery; what it left below records of others is removed.
 */
export const histories: CleanupArea = {
  label: "notes",
  scenarios: ["checkout", "stock-sync", "order-import", "picking-wave", "store-orders"],
  async scan(work, found) {
    const owners = new Map(found.map((trace) => [`${trace.model} ${trace.id}`, trace]));
    return (await findMessages(work, found)).flatMap((message) => traceOf(message, owners.get(ownerOf(message))));
  },
  async clear(work, found) {
    // Those of records that were removed meanwhile are gone.
    const there = new Set((await findMessages(work, found)).map(({ id }) => id));
    await removeRecords(
      work,
      MODEL,
      idsToUndo(found, MODEL).filter((id) => there.has(id)),
    );
  },
};

/** Messages that name the run in their text, and those below records that name it and stay. */
async function findMessages(work: CleanupWork, found: readonly Trace[]): Promise<readonly Message[]> {
  const named = found.filter(({ name, irreversible }) => irreversible !== null && name.startsWith(work.stamp));
  const models = [...new Set(named.map(({ model }) => model))];
  const domain = [
    // First what is cheap to compare: the texts of all messages are the largest column of most databases.
    ["date", ">=", work.since],
    ...models.map(() => "|"),
    ["body", "like", work.stamp],
    ...models.flatMap((model) => ["&", ["model", "=", model], ["res_id", "in", [...idsKept(named, model)]]]),
  ];
  return searchRead(work.session, { model: MODEL, domain, fields: ["model", "res_id", "record_name"] }, shape);
}

function ownerOf({ model, res_id }: Message): string {
  return `${String(model)} ${String(res_id)}`;
}

function traceOf({ id, record_name }: Message, owner: Trace | undefined): readonly Trace[] {
  if (owner !== undefined && owner.irreversible === null) return [];
  const irreversible = owner === undefined ? null : "history of a record that stays";
  return [{ model: MODEL, id, name: record_name === false ? `message ${id}` : record_name, irreversible }];
}
