import { z } from "zod";
import type { OdooSession } from "../odoo-session.ts";
import { searchRead } from "../search-read.ts";

/** readAcquirer finds the simulated acquirer. It takes cards only while it is in test mode. */
export async function readAcquirer(session: OdooSession): Promise<number | null> {
  const domain = [
    ["provider", "=", "test"],
    ["state", "=", "test"],
  ];
  const search = { model: "payment.acquirer", domain, fields: ["id"], limit: 1 };
  return (await searchRead(session, search, z.object({ id: z.number() })))[0]?.id ?? null;
}
