import { z } from "zod";
import type { OdooSession } from "../odoo-session.ts";
import { searchRead } from "../search-read.ts";

/** readCompanyTaxes lists the taxes of one company: a product may bear those of several, and a till reckons with its own only. */
export async function readCompanyTaxes(session: OdooSession, companyId: number): Promise<ReadonlySet<number>> {
  const search = { model: "account.tax", domain: [["company_id", "=", companyId]], fields: ["id"] };
  return new Set((await searchRead(session, search, z.object({ id: z.number() }))).map(({ id }) => id));
}
