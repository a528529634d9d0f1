import { z } from "zod";
import { searchRead } from "../search-read.ts";
import { type CleanupArea, startsWithStamp } from "./cleanup-area.ts";
import { removeRecords } from "./remove-records.ts";
import { idsToUndo } from "./trace.ts";

const MODEL = "mail.mail";

/** States of a mail that has left. */
const SENT: ReadonlySet<string> = new Set(["sent", "received"]);

const shape = z.object({ id: z.number(), subject: z.union([z.string(), z.literal(false)]), state: z.string() });

/** mails are those to shoppers that wait, failed or were sent. They go first: what waits must not leave meanwhile. */
export const mails: CleanupArea = {
  label: "mails",
  scenarios: ["checkout"],
  async scan(work) {
    const domain = ["|", ["recipient_ids.email", "=like", startsWithStamp(work)], ["email_to", "like", work.stamp]];
    const found = await searchRead(work.session, { model: MODEL, domain, fields: ["subject", "state"] }, shape);
    return found.map(({ id, subject, state }) => ({
      model: MODEL,
      id,
      name: subject === false ? `mail ${id}` : subject,
      irreversible: SENT.has(state) ? "sent" : null,
    }));
  },
  clear: (work, found) => removeRecords(work, MODEL, idsToUndo(found, MODEL)),
};
