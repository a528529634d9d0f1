import { z } from "zod";

import type { TillProduct } from "../../domain/load/plan.ts";
import type { OdooSession } from "../odoo-session.ts";

/** Units of one product on a receipt, at most. */
const MOST_UNITS = 2;

const reckoned = z.looseObject({ total_excluded: z.number(), total_included: z.number() });

/** readTillAmounts lets Odoo reckon what one, two, ... of a product cost, with any taxes; tills do the same by themselves. */
export async function readTillAmounts(
  session: OdooSession,
  { price, taxIds }: Pick<TillProduct, "price" | "taxIds">,
): Promise<TillProduct["amounts"]> {
  const amounts: { readonly untaxed: number; readonly total: number }[] = [];
  for (let quantity = 1; quantity <= MOST_UNITS; quantity += 1) {
    // The currency is the company's where none is named.
    const args = [taxIds, price, null, quantity];
    const found = await session.call({ model: "account.tax", method: "compute_all", args }, reckoned);
    amounts.push({ untaxed: found.total_excluded, total: found.total_included });
  }
  return amounts;
}
