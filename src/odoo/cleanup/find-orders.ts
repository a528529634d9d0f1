import { z } from "zod";
import { searchRead } from "../search-read.ts";
import { type CleanupWork, startsWithStamp } from "./cleanup-area.ts";

const shape = z.object({ id: z.number(), name: z.string(), state: z.string(), invoice_ids: z.array(z.number()) });

export type FoundOrder = z.infer<typeof shape>;

/**
 * findOrders finds the orders of a run: imported ones by their reference, those of the shop by the shopper's address, and carts
 * that never got to an address by the campaign that scenarios/checkout.ts sends its shoppers from.
 */
export function findOrders(work: CleanupWork): Promise<readonly FoundOrder[]> {
  const pattern = startsWithStamp(work);
  const domain = [
    "|",
    "|",
    "|",
    ["client_order_ref", "=like", pattern],
    ["origin", "=like", pattern],
    ["partner_id.email", "=like", pattern],
    ["campaign_id.name", "=like", pattern],
  ];
  return searchRead(work.session, { model: "sale.order", domain, fields: ["name", "state", "invoice_ids"] }, shape);
}
