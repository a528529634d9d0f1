import { z } from "zod";

import type { StoreData, Till, TillProduct } from "../../domain/load/plan.ts";
import type { Capabilities } from "../../domain/target/capabilities.ts";
import { idOf, manyToOne, type OdooSession, searchIds, searchRead } from "../connection/session.ts";
import { readFreeStock } from "./products.ts";

/** Maximum number of products of the tills. Odoo computes the amounts of each product in some milliseconds. */
const MOST_PRODUCTS = 30;
const MOST_CANDIDATES = 1_000;

/** Maximum number of tills. Each session stays in Odoo with its journal entry, and more tills would not change the bursts. */
const MOST_TILLS = 3;

/** Maximum quantity of one product on a receipt, in units. */
const MOST_UNITS = 2;

const configShape = z.object({
  id: z.number(),
  payment_method_ids: z.array(z.number()),
  pricelist_id: manyToOne,
  picking_type_id: manyToOne,
  company_id: manyToOne,
  invoice_journal_id: manyToOne,
  cash_control: z.boolean(),
});
const sessionShape = z.object({ config_id: manyToOne });
const operationShape = z.object({ id: z.number(), default_location_src_id: manyToOne });
const productShape = z.object({ id: z.number(), lst_price: z.number(), taxes_id: z.array(z.number()) });
const amountsShape = z.looseObject({ total_excluded: z.number(), total_included: z.number() });

/** TillVariants are the capabilities of the server that differ in how tills work. */
type TillVariants = Pick<Capabilities, "storeOrders" | "tillClosing">;

export interface StoreOptions extends TillVariants {
  /** Minimum free stock that each till must have of a product to sell it, in units. */
  readonly minimumStock: number;
}

/** LocatedTill is a till with its company and the location of the stock that it sells. */
interface LocatedTill extends Till {
  readonly stockLocation: number;
  readonly companyId: number;
}

type Product = z.infer<typeof productShape>;

/** emptyStore is the store data of a run without tills. */
export function emptyStore(session: OdooSession): StoreData {
  return { cashierId: session.uid, tills: [], products: [] };
}

/** readStore reads the tills that a run may open, and the products that all of these tills sell from stock. It opens no till. */
export async function readStore(session: OdooSession, options: StoreOptions): Promise<StoreData> {
  const tills = await readTills(session, options);
  const [first] = tills;
  if (first === undefined) return emptyStore(session);
  const companyTaxes = await readCompanyTaxes(session, first.companyId);
  const products: TillProduct[] = [];
  const locations = [...new Set(tills.map(({ stockLocation }) => stockLocation))];
  const candidates = await readCandidates(session, { locations, minimumStock: options.minimumStock });
  for (const { id, lst_price: price, taxes_id } of spread(candidates)) {
    const taxIds = taxes_id.filter((tax) => companyTaxes.has(tax));
    products.push({ id, price, taxIds, amounts: await readTillAmounts(session, { price, taxIds }) });
  }
  return {
    cashierId: session.uid,
    tills: tills.map(({ configId, pricelistId, paymentMethodId }) => ({ configId, pricelistId, paymentMethodId })),
    products,
  };
}

/**
 * readTills lists the tills of one company that a run may open: without an open session, which belongs to another user, without
 * cash rounding, and with a payment method that takes no cash and needs no customer.
 */
async function readTills(session: OdooSession, variants: TillVariants): Promise<readonly LocatedTill[]> {
  const fields = ["payment_method_ids", "pricelist_id", "picking_type_id", "company_id", "invoice_journal_id", "cash_control"];
  const domain = [["cash_rounding", "=", false]];
  const configs = await searchRead(session, { model: "pos.config", domain, fields }, configShape);
  const openConfigs = await readOpenConfigs(session);
  const methods = await readMethods(session, variants);
  const locations = await readLocations(session);
  const tills = configs.flatMap(
    ({ id, payment_method_ids, pricelist_id, picking_type_id, company_id, invoice_journal_id, cash_control }) => {
      const companyId = idOf(company_id);
      const paymentMethodId = payment_method_ids.find((method) => methods.has(method));
      const stockLocation = locations.get(idOf(picking_type_id) ?? 0);
      // If the back office closes the session, a person must count the cash.
      if (openConfigs.has(id) || (variants.tillClosing === "button" && cash_control)) return [];
      // Odoo 19 refuses every order of a till without an invoice journal.
      if (variants.storeOrders === "sync-from-ui" && invoice_journal_id === false) return [];
      if (paymentMethodId === undefined || stockLocation === undefined || companyId === null) return [];
      return [{ configId: id, pricelistId: idOf(pricelist_id), paymentMethodId, stockLocation, companyId }];
    },
  );
  return tills.filter(({ companyId }) => companyId === tills[0]?.companyId).slice(0, MOST_TILLS);
}

/** readOpenConfigs returns the tills with an open session. */
async function readOpenConfigs(session: OdooSession): Promise<ReadonlySet<number | null>> {
  const domain = [
    ["state", "!=", "closed"],
    ["rescue", "=", false],
  ];
  const open = await searchRead(session, { model: "pos.session", domain, fields: ["config_id"] }, sessionShape);
  return new Set(open.map(({ config_id }) => idOf(config_id)));
}

/** readMethods returns the payment methods that take no cash and need no customer. */
async function readMethods(session: OdooSession, { tillClosing }: TillVariants): Promise<ReadonlySet<number>> {
  const domain = [
    ["is_cash_count", "=", false],
    ["split_transactions", "=", false],
    // A method without a journal charges the customer's account. In Odoo 14, only cash has a journal.
    ...(tillClosing === "counted" ? [["journal_id", "!=", false]] : []),
  ];
  return new Set(await searchIds(session, { model: "pos.payment.method", domain }));
}

/** readLocations returns the source location of each outgoing operation type. */
async function readLocations(session: OdooSession): Promise<ReadonlyMap<number, number>> {
  const search = { model: "stock.picking.type", domain: [["code", "=", "outgoing"]], fields: ["default_location_src_id"] };
  const types = await searchRead(session, search, operationShape);
  return new Map(
    types.flatMap(({ id, default_location_src_id }) => {
      const location = idOf(default_location_src_id);
      return location === null ? [] : [[id, location] as const];
    }),
  );
}

/**
 * readCompanyTaxes returns the taxes of one company. A product may have taxes of several companies; a till applies only its own.
 */
async function readCompanyTaxes(session: OdooSession, companyId: number): Promise<ReadonlySet<number>> {
  return new Set(await searchIds(session, { model: "account.tax", domain: [["company_id", "=", companyId]] }));
}

/** readCandidates returns the products that every location has in stock. */
async function readCandidates(
  session: OdooSession,
  { locations, minimumStock }: { readonly locations: readonly number[]; readonly minimumStock: number },
): Promise<readonly Product[]> {
  const domain = [
    ["available_in_pos", "=", true],
    ["sale_ok", "=", true],
    ["tracking", "=", "none"],
  ];
  const search = { model: "product.product", domain, fields: ["lst_price", "taxes_id"], limit: MOST_CANDIDATES };
  let found = (await searchRead(session, search, productShape)).filter(({ lst_price }) => lst_price > 0);
  for (const location of locations) {
    const free = await readFreeStock(session, location);
    found = found.filter(({ id }) => (free.get(id) ?? 0) >= minimumStock);
  }
  return found;
}

/** spread samples products from the whole catalogue: adjacent products are similar, and a stock sync counts adjacent products. */
function spread(candidates: readonly Product[]): readonly Product[] {
  const stride = Math.max(1, Math.floor(candidates.length / MOST_PRODUCTS));
  return candidates.filter((_, index) => index % stride === 0).slice(0, MOST_PRODUCTS);
}

/** readTillAmounts lets Odoo compute the amounts for 1 to MOST_UNITS units of a product. A real till computes them itself. */
async function readTillAmounts(
  session: OdooSession,
  { price, taxIds }: Pick<TillProduct, "price" | "taxIds">,
): Promise<TillProduct["amounts"]> {
  const amounts: { readonly untaxed: number; readonly total: number }[] = [];
  for (let quantity = 1; quantity <= MOST_UNITS; quantity += 1) {
    // Without a currency, Odoo uses the currency of the company.
    const args = [taxIds, price, null, quantity];
    const found = await session.call({ model: "account.tax", method: "compute_all", args }, amountsShape);
    amounts.push({ untaxed: found.total_excluded, total: found.total_included });
  }
  return amounts;
}
