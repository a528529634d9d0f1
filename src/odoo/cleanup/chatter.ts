import { z } from "zod";

import { SCENARIO_NAMES } from "../../domain/load/plan.ts";
import { searchRead, textOrFalse } from "../connection/session.ts";
import { type CleanupArea, type CleanupWork, idsKept, idsToUndo, type Trace } from "./cleanup-area.ts";
import { removeRecords } from "./undo.ts";

const MODEL = "mail.message";

const messageShape = z.object({
  id: z.number(),
  model: textOrFalse,
  res_id: z.union([z.number(), z.literal(false)]),
  record_name: textOrFalse,
});

type Message = z.infer<typeof messageShape>;

/**
 * chatter is the area of the messages below records (Odoo's chatter) that name the run. A message below a record of the run, such
 * as "Transferred by: Batch Transfer" below a delivery, stays and is deleted with the record. A message below any other record is
 * removed.
 */
export const chatter: CleanupArea = {
  label: "messages",
  scenarios: SCENARIO_NAMES,
  async scan(work, found) {
    const owners = new Map(found.map((trace) => [`${trace.model} ${trace.id}`, trace]));
    return (await findMessages(work, found)).flatMap((message) => traceOf(message, owners.get(ownerOf(message))));
  },
  async clear(work, found) {
    // Messages of records that were just removed no longer exist.
    const existing = new Set((await findMessages(work, found)).map(({ id }) => id));
    const ids = idsToUndo(found, MODEL).filter((id) => existing.has(id));
    await removeRecords(work, MODEL, ids);
  },
};

/** findMessages returns the messages with the stamp in their text, and those below records that bear the stamp and stay. */
async function findMessages(work: CleanupWork, found: readonly Trace[]): Promise<readonly Message[]> {
  const named = found.filter(({ name, irreversible }) => irreversible !== null && name.startsWith(work.stamp));
  const models = [...new Set(named.map(({ model }) => model))];
  const domain = [
    // The cheap condition comes first: the message bodies are the largest column of most databases.
    ["date", ">=", work.since],
    ...models.map(() => "|"),
    ["body", "like", work.stamp],
    ...models.flatMap((model) => ["&", ["model", "=", model], ["res_id", "in", [...idsKept(named, model)]]]),
  ];
  return searchRead(work.session, { model: MODEL, domain, fields: ["model", "res_id", "record_name"] }, messageShape);
}

function ownerOf({ model, res_id }: Message): string {
  return `${String(model)} ${String(res_id)}`;
}

function traceOf({ id, record_name }: Message, owner: Trace | undefined): readonly Trace[] {
  if (owner !== undefined && owner.irreversible === null) return [];
  const irreversible = owner === undefined ? null : "message of a record that stays";
  return [{ model: MODEL, id, name: record_name === false ? `message ${id}` : record_name, irreversible }];
}
