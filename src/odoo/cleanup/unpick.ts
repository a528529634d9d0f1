import { z } from "zod";

import type { Capabilities } from "../../domain/target/capabilities.ts";
import { picking } from "../capabilities/picking.ts";
import { searchRead } from "../search-read.ts";
import type { CleanupWork } from "./cleanup-area.ts";

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
