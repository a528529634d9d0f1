import { z } from "zod";
import type { OdooSession } from "../odoo-session.ts";
import { idOf, manyToOne, searchRead } from "../search-read.ts";

/** readCountry picks the shoppers' country: the first company's, unless its addresses need a state, which no shopper fills in. */
export async function readCountry(session: OdooSession): Promise<number | null> {
  const companies = await searchRead(
    session,
    { model: "res.company", domain: [], fields: ["country_id"], limit: 1 },
    z.object({ country_id: manyToOne }),
  );
  const own = companies[0] === undefined ? null : idOf(companies[0].country_id);
  const simple = await searchRead(
    session,
    { model: "res.country", domain: [["state_required", "=", false]], fields: ["id"] },
    z.object({ id: z.number() }),
  );
  return simple.find(({ id }) => id === own)?.id ?? simple[0]?.id ?? null;
}
