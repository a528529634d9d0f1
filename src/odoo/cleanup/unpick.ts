import { z } from "zod";
import { searchRead } from "../search-read.ts";
import type { CleanupWork } from "./cleanup-area.ts";

/**
 * unpick takes back what was stated as picked in pickings that were not validated: a quantity that stands there would be
 * delivered by the next validation, and keeps Odoo from deleting a cancelled picking.
 */
export async function unpick({ session }: CleanupWork, pickingIds: readonly number[]): Promise<void> {
  const domain = [
    ["picking_id", "in", pickingIds],
    ["state", "not in", ["done", "cancel"]],
    ["qty_done", ">", 0],
  ];
  const search = { model: "stock.move.line", domain, fields: ["id"] };
  const lines = (await searchRead(session, search, z.object({ id: z.number() }))).map(({ id }) => id);
  if (lines.length === 0) return;
  await session.call({ model: "stock.move.line", method: "write", args: [lines, { qty_done: 0 }] }, z.literal(true));
}
