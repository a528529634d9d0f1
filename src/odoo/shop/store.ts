import { z } from "zod";

import type { StoreData, Till, TillProduct } from "../../domain/load/plan.ts";
import type { Capabilities } from "../../domain/target/capabilities.ts";
import { idOf, manyToOne, type OdooSession, searchRead } from "../connection/session.ts";
import { readFreeStock } from "./products.ts";

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

/** PlacedTill is a till, and the location from which it sells. */
export interface PlacedTill extends Till {
  readonly stockLocation: number;
  readonly companyId: number;
}

/** TillWays are how the server's tills work. */
export type TillWays = Pick<Capabilities, "storeOrders" | "tillClosing">;

/** Each session that a run opens stays for good, with its entry: more tills would not make other bursts. */
const MOST_TILLS = 3;

const config = z.object({
  id: z.number(),
  payment_method_ids: z.array(z.number()),
  pricelist_id: manyToOne,
  picking_type_id: manyToOne,
  company_id: manyToOne,
  invoice_journal_id: manyToOne,
  cash_control: z.boolean(),
});

/**
 * readTills lists points of sale of one company that a run may open: without an open session, which would be somebody's, without
 * rounding of cash, and with a payment method that takes none and needs no customer.
 */
export async function readTills(session: OdooSession, ways: TillWays): Promise<readonly PlacedTill[]> {
  const fields = ["payment_method_ids", "pricelist_id", "picking_type_id", "company_id", "invoice_journal_id", "cash_control"];
  const domain = [["cash_rounding", "=", false]];
  const configs = await searchRead(session, { model: "pos.config", domain, fields }, config);
  const taken = await readTaken(session);
  const methods = await readMethods(session, ways);
  const locations = await readLocations(session);
  const tills = configs.flatMap(
    ({ id, payment_method_ids, pricelist_id, picking_type_id, company_id, invoice_journal_id, cash_control }) => {
      const companyId = idOf(company_id);
      const paymentMethodId = payment_method_ids.find((method) => methods.has(method));
      const stockLocation = locations.get(idOf(picking_type_id) ?? 0);
      // Where the back office closes, cash that is counted is counted by hand.
      if (taken.has(id) || (ways.tillClosing === "button" && cash_control)) return [];
      // Odoo 19 refuses any order of a till that could not invoice it.
      if (ways.storeOrders === "sync-from-ui" && invoice_journal_id === false) return [];
      if (paymentMethodId === undefined || stockLocation === undefined || companyId === null) return [];
      return [{ configId: id, pricelistId: idOf(pricelist_id), paymentMethodId, stockLocation, companyId }];
    },
  );
  return tills.filter(({ companyId }) => companyId === tills[0]?.companyId).slice(0, MOST_TILLS);
}

async function readTaken(session: OdooSession): Promise<ReadonlySet<number | null>> {
  const domain = [
    ["state", "!=", "closed"],
    ["rescue", "=", false],
  ];
  const search = { model: "pos.session", domain, fields: ["config_id"] };
  const open = await searchRead(session, search, z.object({ config_id: manyToOne }));
  return new Set(open.map(({ config_id }) => idOf(config_id)));
}

async function readMethods(session: OdooSession, { tillClosing }: TillWays): Promise<ReadonlySet<number>> {
  const domain = [
    ["is_cash_count", "=", false],
    ["split_transactions", "=", false],
    // A method without a journal is the customer's account. In Odoo 14 only cash has a journal.
    ...(tillClosing === "counted" ? [["journal_id", "!=", false]] : []),
  ];
  const search = { model: "pos.payment.method", domain, fields: ["id"] };
  return new Set((await searchRead(session, search, z.object({ id: z.number() }))).map(({ id }) => id));
}

/** Locations from which operations of each type take their goods. */
async function readLocations(session: OdooSession): Promise<ReadonlyMap<number, number>> {
  const shape = z.object({ id: z.number(), default_location_src_id: manyToOne });
  const search = { model: "stock.picking.type", domain: [["code", "=", "outgoing"]], fields: ["default_location_src_id"] };
  const types = await searchRead(session, search, shape);
  return new Map(
    types.flatMap(({ id, default_location_src_id }) => {
      const location = idOf(default_location_src_id);
      return location === null ? [] : [[id, location] as const];
    }),
  );
}

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

/** readCompanyTaxes lists the taxes of one company: a product may bear those of several, and a till reckons with its own only. */
export async function readCompanyTaxes(session: OdooSession, companyId: number): Promise<ReadonlySet<number>> {
  const search = { model: "account.tax", domain: [["company_id", "=", companyId]], fields: ["id"] };
  return new Set((await searchRead(session, search, z.object({ id: z.number() }))).map(({ id }) => id));
}
