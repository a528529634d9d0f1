import { z } from "zod";
import type { OdooSession } from "../odoo-session.ts";
import { searchRead } from "../search-read.ts";

/** readCarrier finds the first published delivery method that asks no other company for its price; null where there is none. */
export async function readCarrier(session: OdooSession): Promise<number | null> {
  const domain = [
    ["is_published", "=", true],
    ["delivery_type", "in", ["fixed", "base_on_rule"]],
  ];
  const search = { model: "delivery.carrier", domain, fields: ["id"], order: "sequence, id", limit: 1 };
  return (await searchRead(session, search, z.object({ id: z.number() })))[0]?.id ?? null;
}
