import { z } from "zod";
import type { OdooSession } from "../odoo-session.ts";
import { searchRead } from "../search-read.ts";

/** readPickings lists deliveries that are ready and in no batch, the oldest first, so that both arms get the same ones. */
export async function readPickings(session: OdooSession, deliveryType: number): Promise<readonly number[]> {
  const domain = [
    ["state", "=", "assigned"],
    ["batch_id", "=", false],
    ["picking_type_id", "=", deliveryType],
  ];
  const search = { model: "stock.picking", domain, fields: ["id"] };
  return (await searchRead(session, search, z.object({ id: z.number() }))).map(({ id }) => id);
}
