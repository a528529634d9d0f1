import { HarnessError } from "../domain/error.ts";
import type { ShopData } from "../domain/plan.ts";
import { readAcquirer } from "./shop/acquirer.ts";
import { readCountry } from "./shop/country.ts";
import { readPartners } from "./shop/partners.ts";
import { readPickings } from "./shop/pickings.ts";
import { readProducts } from "./shop/products.ts";
import { readWarehouses } from "./shop/warehouses.ts";
import type { OdooSession } from "./odoo-session.ts";

export interface DiscoverOptions {
  /** Fewest units that a product must have free in the first warehouse to be sold. */
  readonly minimumStock?: number;
  readonly maximumProducts?: number;
  readonly maximumPartners?: number;
}

/**
 * discoverShop reads what the scenarios choose from, in Odoo 14, and changes nothing. What only some scenarios need may be
 * absent: no partners, no pickings, and 0 for the acquirer; the load refuses a workload that needs them.
 */
export async function discoverShop(session: OdooSession, options: DiscoverOptions = {}): Promise<ShopData> {
  const { minimumStock = 100, maximumProducts = 1_000, maximumPartners = 1_000 } = options;
  const warehouses = await readWarehouses(session);
  const first = warehouses[0];
  if (first === undefined) throw lacking(session, "a warehouse", "Install Inventory (stock) and create a warehouse.");
  const products = await readProducts(session, { stockLocation: first.stockLocation, minimumStock, limit: maximumProducts });
  const partners = await readPartners(session, maximumPartners);
  const acquirerId = await readAcquirer(session);
  const countryId = await readCountry(session);
  if (products.length === 0) {
    const hint = "Publish storable products without variants and give them stock in the first warehouse.";
    throw lacking(session, `a published product with ${minimumStock} free units in ${first.name}`, hint);
  }
  if (countryId === null) throw lacking(session, "a country without states", "Set the country of the company.");
  return {
    products,
    partners,
    stockLocations: warehouses.map(({ stockLocation }) => stockLocation),
    pickings: await readPickings(session, first.deliveryType),
    pickingTypeId: first.deliveryType,
    acquirerId: acquirerId ?? 0,
    countryId,
  };
}

function lacking(session: OdooSession, what: string, hint: string): HarnessError {
  const { database, baseUrl } = session.account;
  return new HarnessError(
    "cannot-measure",
    `Database ${database} at ${baseUrl} has no ${what.replace(/^an? /, "")} to load with`,
    { hint },
  );
}
