import { HarnessError } from "../domain/error.ts";
import type { ScenarioName, ShopData } from "../domain/load/plan.ts";
import type { Ways } from "../domain/target/capabilities.ts";
import type { OdooSession } from "./odoo-session.ts";
import { readCarrier } from "./shop/carrier.ts";
import { readCountry } from "./shop/country.ts";
import { readPartners } from "./shop/partners.ts";
import { readPaymentMethod } from "./shop/payment-method.ts";
import { readPickings } from "./shop/pickings.ts";
import { readProducts } from "./shop/products.ts";
import { readProvider } from "./shop/provider.ts";
import { noStore, readStore } from "./shop/store.ts";
import { readWarehouses, type Warehouse } from "./shop/warehouses.ts";

export interface DiscoverOptions {
  readonly scenarios: readonly ScenarioName[];
  /** The server's ways for these scenarios. */
  readonly ways: Ways;
  /** Fewest units that a product must have free in the first warehouse to be sold. */
  readonly minimumStock?: number;
  readonly maximumProducts?: number;
  readonly maximumPartners?: number;
}

/**
 * discoverShop reads what the chosen scenarios choose from, and changes nothing. What they do not need is not asked for, and is
 * empty or 0 here, and so is what the shop does not have; the load refuses a workload that needs more.
 */
export async function discoverShop(session: OdooSession, options: DiscoverOptions): Promise<ShopData> {
  const { scenarios, maximumPartners = 1_000 } = options;
  const warehouses = await readWarehouses(session);
  const first = warehouses[0];
  if (first === undefined) throw lacking(session, "a warehouse", "Install Inventory (stock) and create a warehouse.");
  return {
    products: await findProducts(session, first, options),
    partners: scenarios.includes("order-import") ? await readPartners(session, maximumPartners) : [],
    stockLocations: warehouses.map(({ stockLocation }) => stockLocation),
    pickings: scenarios.includes("picking-wave") ? await readPickings(session, first.deliveryType) : [],
    pickingTypeId: first.deliveryType,
    store: await findStore(session, options),
    ...(scenarios.includes("checkout") ? await findCheckoutData(session, options.ways) : NO_CHECKOUT),
  };
}

async function findProducts(session: OdooSession, warehouse: Warehouse, options: DiscoverOptions): Promise<ShopData["products"]> {
  const { ways, minimumStock = 100, maximumProducts: limit = 1_000 } = options;
  if (ways.storable === undefined) return [];
  const { stockLocation, name } = warehouse;
  const products = await readProducts(session, { stockLocation, minimumStock, limit, storable: ways.storable });
  if (products.length > 0) return products;
  const hint = "Publish storable products without variants and give them stock in the first warehouse.";
  throw lacking(session, `a published product with ${minimumStock} free units in ${name}`, hint);
}

async function findStore(session: OdooSession, { ways, minimumStock = 100 }: DiscoverOptions): Promise<ShopData["store"]> {
  const { storeOrders, tillClosing } = ways;
  if (storeOrders === undefined || tillClosing === undefined) return noStore(session);
  return readStore(session, { storeOrders, tillClosing, minimumStock });
}

type CheckoutData = Pick<ShopData, "providerId" | "paymentMethodId" | "carrierId" | "countryId">;

const NO_CHECKOUT: CheckoutData = { providerId: 0, paymentMethodId: 0, carrierId: 0, countryId: 0 };

async function findCheckoutData(session: OdooSession, ways: Ways): Promise<CheckoutData> {
  const countryId = await readCountry(session);
  if (countryId === null) throw lacking(session, "a country without states", "Set the country of the company.");
  const providerId = ways.simulator === undefined ? null : await readProvider(session, ways.simulator);
  const methodId = ways.payment === "method" && providerId !== null ? await readPaymentMethod(session, providerId) : null;
  const carrierId = ways.delivery === "method" ? await readCarrier(session) : null;
  return { providerId: providerId ?? 0, paymentMethodId: methodId ?? 0, carrierId: carrierId ?? 0, countryId };
}

function lacking(session: OdooSession, what: string, hint: string): HarnessError {
  const { database, baseUrl } = session.account;
  return new HarnessError(
    "cannot-measure",
    `Database ${database} at ${baseUrl} has no ${what.replace(/^an? /, "")} to load with`,
    { hint },
  );
}
