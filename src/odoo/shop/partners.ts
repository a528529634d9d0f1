import { z } from "zod";
import type { OdooSession } from "../odoo-session.ts";
import { searchRead } from "../search-read.ts";

/** readPartners lists customers: contacts that stand for themselves and have a customer rank. */
export async function readPartners(session: OdooSession, limit: number): Promise<readonly number[]> {
  const domain = [
    ["customer_rank", ">", 0],
    ["parent_id", "=", false],
  ];
  const search = { model: "res.partner", domain, fields: ["id"], limit };
  return (await searchRead(session, search, z.object({ id: z.number() }))).map(({ id }) => id);
}
