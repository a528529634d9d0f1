import { z } from "zod";

import type { StoreData, TillProduct } from "../../domain/load/plan.ts";
import type { OdooSession } from "../odoo-session.ts";
import { searchRead } from "../search-read.ts";
import { readCompanyTaxes } from "./company-taxes.ts";
import { readFreeStock } from "./products.ts";
import { readTillAmounts } from "./till-amounts.ts";
import { readTills, type TillWays } from "./tills.ts";

export interface StoreChoice extends TillWays {
  /** Fewest units that each till must have free of a product to sell it. */
  readonly minimumStock: number;
}

/** Odoo is asked for the amounts of each of them, some milliseconds at a time. */
const MOST_PRODUCTS = 30;
const MOST_CANDIDATES = 1_000;

const shape = z.object({ id: z.number(), lst_price: z.number(), taxes_id: z.array(z.number()) });

/** noStore is what a run without tills is told. */
export function noStore(session: OdooSession): StoreData {
  return { cashierId: session.uid, tills: [], products: [] };
}

/** readStore reads the tills that a run may open and what all of them sell from stock. It opens none. */
export async function readStore(session: OdooSession, choice: StoreChoice): Promise<StoreData> {
  const tills = await readTills(session, choice);
  const [first] = tills;
  if (first === undefined) return noStore(session);
  const ownTaxes = await readCompanyTaxes(session, first.companyId);
  const products: TillProduct[] = [];
  const locations = [...new Set(tills.map(({ stockLocation }) => stockLocation))];
  const candidates = await readCandidates(session, { locations, minimumStock: choice.minimumStock });
  for (const { id, lst_price: price, taxes_id } of spread(candidates)) {
    const taxIds = taxes_id.filter((tax) => ownTaxes.has(tax));
    products.push({ id, price, taxIds, amounts: await readTillAmounts(session, { price, taxIds }) });
  }
  return {
    cashierId: session.uid,
    tills: tills.map(({ configId, pricelistId, paymentMethodId }) => ({ configId, pricelistId, paymentMethodId })),
    products,
  };
}

type Candidate = z.infer<typeof shape>;

async function readCandidates(
  session: OdooSession,
  { locations, minimumStock }: { readonly locations: readonly number[]; readonly minimumStock: number },
): Promise<readonly Candidate[]> {
  const domain = [
    ["available_in_pos", "=", true],
    ["sale_ok", "=", true],
    ["tracking", "=", "none"],
  ];
  const search = { model: "product.product", domain, fields: ["lst_price", "taxes_id"], limit: MOST_CANDIDATES };
  let found = (await searchRead(session, search, shape)).filter(({ lst_price }) => lst_price > 0);
  for (const location of locations) {
    const free = await readFreeStock(session, location);
    found = found.filter(({ id }) => (free.get(id) ?? 0) >= minimumStock);
  }
  return found;
}

/** spread takes products from all over the catalogue: neighbours are alike, and stock syncs count neighbours together. */
function spread(candidates: readonly Candidate[]): readonly Candidate[] {
  const stride = Math.max(1, Math.floor(candidates.length / MOST_PRODUCTS));
  return candidates.filter((_, index) => index % stride === 0).slice(0, MOST_PRODUCTS);
}
