import { z } from "zod";

import { HarnessError } from "../../domain/error.ts";
import type { ScenarioName, ShopData } from "../../domain/load/plan.ts";
import type { CapabilityVariants } from "../../domain/target/capabilities.ts";
import { idOf, manyToOne, type OdooSession, searchIds, searchRead } from "../connection/session.ts";
import { readCarrier, readCountry, readPaymentMethod, readProvider } from "./checkout-data.ts";
import { readProducts } from "./products.ts";
import { emptyStore, readStore } from "./store.ts";

export interface DiscoverOptions {
  readonly scenarios: readonly ScenarioName[];
  /** The variants of the server's capabilities for these scenarios. */
  readonly variants: CapabilityVariants;
  /** Minimum free stock of a product in the first warehouse, in units. */
  readonly minimumStock?: number;
  readonly maximumProducts?: number;
  readonly maximumPartners?: number;
}

interface Warehouse {
  readonly name: string;
  /** Internal location that holds the stock. */
  readonly stockLocation: number;
  /** Operation type of the deliveries to customers. */
  readonly deliveryType: number;
}

type CheckoutData = Pick<ShopData, "providerId" | "paymentMethodId" | "carrierId" | "countryId">;

const NO_CHECKOUT: CheckoutData = { providerId: 0, paymentMethodId: 0, carrierId: 0, countryId: 0 };

const warehouseShape = z.object({ name: z.string(), lot_stock_id: manyToOne, out_type_id: manyToOne });

/**
 * discoverShop reads the data from which the scenarios choose, and changes nothing. Data that the scenarios do not need is not
 * read. Missing and unread data is empty or 0; the load refuses a workload that needs more.
 */
export async function discoverShop(session: OdooSession, options: DiscoverOptions): Promise<ShopData> {
  const { scenarios, maximumPartners = 1_000 } = options;
  const warehouses = await readWarehouses(session);
  const first = warehouses[0];
  if (first === undefined) throw missing(session, "warehouse", "Install Inventory (stock) and create a warehouse.");
  return {
    products: await findProducts(session, first, options),
    partners: scenarios.includes("order-import") ? await readCustomers(session, maximumPartners) : [],
    stockLocations: warehouses.map(({ stockLocation }) => stockLocation),
    pickings: scenarios.includes("picking-wave") ? await readPickings(session, first.deliveryType) : [],
    pickingTypeId: first.deliveryType,
    store: await findStore(session, options),
    ...(scenarios.includes("checkout") ? await findCheckoutData(session, options.variants) : NO_CHECKOUT),
  };
}

async function readWarehouses(session: OdooSession): Promise<readonly Warehouse[]> {
  const fields = ["name", "lot_stock_id", "out_type_id"];
  const found = await searchRead(session, { model: "stock.warehouse", domain: [], fields }, warehouseShape);
  return found.flatMap(({ name, lot_stock_id, out_type_id }) => {
    const [stockLocation, deliveryType] = [idOf(lot_stock_id), idOf(out_type_id)];
    return stockLocation === null || deliveryType === null ? [] : [{ name, stockLocation, deliveryType }];
  });
}

async function findProducts(session: OdooSession, warehouse: Warehouse, options: DiscoverOptions): Promise<ShopData["products"]> {
  const { variants, minimumStock = 100, maximumProducts: limit = 1_000 } = options;
  if (variants.storable === undefined) return [];
  const { stockLocation, name } = warehouse;
  const products = await readProducts(session, { stockLocation, minimumStock, limit, storable: variants.storable });
  if (products.length > 0) return products;
  const hint = "Publish storable products without variants, and give them stock in the first warehouse.";
  throw missing(session, `published product with ${minimumStock} free units in ${name}`, hint);
}

/** readCustomers lists customers: contacts with a customer rank and without a parent contact. */
async function readCustomers(session: OdooSession, limit: number): Promise<readonly number[]> {
  const domain = [
    ["customer_rank", ">", 0],
    ["parent_id", "=", false],
  ];
  return searchIds(session, { model: "res.partner", domain, limit });
}

/** readPickings lists ready deliveries without a batch. The oldest is first, so that both arms get the same deliveries. */
async function readPickings(session: OdooSession, deliveryType: number): Promise<readonly number[]> {
  const domain = [
    ["state", "=", "assigned"],
    ["batch_id", "=", false],
    ["picking_type_id", "=", deliveryType],
  ];
  return searchIds(session, { model: "stock.picking", domain });
}

async function findStore(session: OdooSession, { variants, minimumStock = 100 }: DiscoverOptions): Promise<ShopData["store"]> {
  const { storeOrders, tillClosing } = variants;
  if (storeOrders === undefined || tillClosing === undefined) return emptyStore(session);
  return readStore(session, { storeOrders, tillClosing, minimumStock });
}

async function findCheckoutData(session: OdooSession, variants: CapabilityVariants): Promise<CheckoutData> {
  const countryId = await readCountry(session);
  if (countryId === null) throw missing(session, "country without states", "Set the country of the company.");
  const providerId = variants.simulator === undefined ? null : await readProvider(session, variants.simulator);
  const methodId = variants.payment === "method" && providerId !== null ? await readPaymentMethod(session, providerId) : null;
  const carrierId = variants.delivery === "method" ? await readCarrier(session) : null;
  return { providerId: providerId ?? 0, paymentMethodId: methodId ?? 0, carrierId: carrierId ?? 0, countryId };
}

function missing({ account: { database, baseUrl } }: OdooSession, what: string, hint: string): HarnessError {
  return new HarnessError("cannot-measure", `Database ${database} at ${baseUrl} has no ${what} for the load`, { hint });
}

/**
 * compareShopData describes each difference between the arms' data in one sentence. Without a difference, both arms get equal
 * work.
 */
export function compareShopData(baseline: ShopData, candidate: ShopData): readonly string[] {
  return [
    ...compareLists("products", baseline.products, candidate.products),
    ...compareLists("partners", baseline.partners, candidate.partners),
    ...compareLists("stock locations", baseline.stockLocations, candidate.stockLocations),
    ...compareLists("ready pickings", baseline.pickings, candidate.pickings),
    ...compareIds("picking type", baseline.pickingTypeId, candidate.pickingTypeId),
    ...compareIds("payment provider", baseline.providerId, candidate.providerId),
    ...compareIds("payment method", baseline.paymentMethodId, candidate.paymentMethodId),
    ...compareIds("delivery method", baseline.carrierId, candidate.carrierId),
    ...compareIds("country", baseline.countryId, candidate.countryId),
    ...compareIds("cashier", baseline.store.cashierId, candidate.store.cashierId),
    ...compareLists("tills", baseline.store.tills, candidate.store.tills),
    ...compareLists("products of the tills", baseline.store.products, candidate.store.products),
  ];
}

function compareLists(word: string, baseline: readonly unknown[], candidate: readonly unknown[]): readonly string[] {
  if (baseline.length !== candidate.length) {
    return [`The baseline has ${baseline.length} ${word}, the candidate ${candidate.length}`];
  }
  const at = baseline.findIndex((entry, index) => JSON.stringify(entry) !== JSON.stringify(candidate[index]));
  if (at < 0) return [];
  return [`The ${word} differ, first ${JSON.stringify(baseline[at])} and ${JSON.stringify(candidate[at])}`];
}

function compareIds(word: string, baseline: number, candidate: number): readonly string[] {
  return baseline === candidate ? [] : [`The ${word} has id ${baseline} in the baseline and ${candidate} in the candidate`];
}
