import { z } from "zod";
import { idOf, manyToOne, searchRead } from "../search-read.ts";
import { type CleanupArea, type CleanupWork, startsWithStamp } from "./cleanup-area.ts";
import { removeRecords } from "./remove-records.ts";
import { type Trace, idsKept, idsToUndo } from "./trace.ts";

const PARTNER = "res.partner";
const CAMPAIGN = "utm.campaign";
const ORDER = "sale.order";

const named = z.object({ id: z.number(), name: z.string() });

/**
 * shoppers are the contacts that checkouts made, and the campaign that their carts belong to. They go when nothing names them.
 */
export const shoppers: CleanupArea = {
  label: "shoppers",
  scenarios: ["checkout"],
  scan: async (work, found) => [...(await findPartners(work, found)), ...(await findCampaigns(work))],
  async clear(work, found) {
    for (const model of [PARTNER, CAMPAIGN]) await removeRecords(work, model, idsToUndo(found, model));
  },
};

async function findPartners(work: CleanupWork, found: readonly Trace[]): Promise<readonly Trace[]> {
  const pattern = startsWithStamp(work);
  const domain = ["|", ["email", "=like", pattern], ["name", "=like", pattern], ["active", "in", [true, false]]];
  const partners = await searchRead(work.session, { model: PARTNER, domain, fields: ["name"] }, named);
  const ids = partners.map(({ id }) => id);
  const posted = await partnersOf(work, "account.move", [
    ["partner_id", "in", ids],
    ["posted_before", "=", true],
  ]);
  const ordered = await partnersOf(work, ORDER, [["id", "in", [...idsKept(found, ORDER)]]]);
  return partners.map(({ id, name }) => {
    const why = posted.has(id) ? "named by a posted entry" : ordered.has(id) ? "named by an order that stays" : null;
    return { model: PARTNER, id, name, irreversible: why };
  });
}

async function partnersOf({ session }: CleanupWork, model: string, domain: readonly unknown[]): Promise<ReadonlySet<number>> {
  const shape = z.object({ partner_id: manyToOne });
  const found = await searchRead(session, { model, domain, fields: ["partner_id"] }, shape);
  return new Set(found.flatMap(({ partner_id }) => idOf(partner_id) ?? []));
}

async function findCampaigns(work: CleanupWork): Promise<readonly Trace[]> {
  const search = { model: CAMPAIGN, domain: [["name", "=like", startsWithStamp(work)]], fields: ["name"] };
  const found = await searchRead(work.session, search, named);
  return found.map(({ id, name }) => ({ model: CAMPAIGN, id, name, irreversible: null }));
}
