import { z } from "zod";

import { HarnessError } from "../../domain/error.ts";
import type { ScenarioName, ShopData } from "../../domain/load/plan.ts";
import type { CapabilityVariants } from "../../domain/target/capabilities.ts";
import { idOf, manyToOne, type OdooSession, searchRead } from "../connection/session.ts";
import { readCarrier, readCountry, readPaymentMethod, readProvider } from "./checkout-data.ts";
import { readProducts } from "./products.ts";
import { noStore, readStore } from "./store.ts";

export interface DiscoverOptions {
  readonly scenarios: readonly ScenarioName[];
  /** The server's ways for these scenarios. */
  readonly ways: CapabilityVariants;
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

async function findCheckoutData(session: OdooSession, ways: CapabilityVariants): Promise<CheckoutData> {
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

/** compareShopData says in sentences in what the arms' data differ; none means that both arms can be given the same work. */
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

function compareLists(word: string, left: readonly unknown[], right: readonly unknown[]): readonly string[] {
  if (left.length !== right.length) {
    return [`The baseline has ${left.length} ${word}, the candidate ${right.length}`];
  }
  const at = left.findIndex((entry, index) => JSON.stringify(entry) !== JSON.stringify(right[index]));
  if (at < 0) return [];
  return [`The ${word} differ, first ${JSON.stringify(left[at])} and ${JSON.stringify(right[at])}`];
}

function compareIds(word: string, left: number, right: number): readonly string[] {
  return left === right ? [] : [`The ${word} has id ${left} in the baseline and ${right} in the candidate`];
}

export interface Warehouse {
  readonly name: string;
  /** Internal location that holds its stock. */
  readonly stockLocation: number;
  /** Operation type of its deliveries to customers. */
  readonly deliveryType: number;
}

const shape = z.object({ name: z.string(), lot_stock_id: manyToOne, out_type_id: manyToOne });

export async function readWarehouses(session: OdooSession): Promise<readonly Warehouse[]> {
  const fields = ["name", "lot_stock_id", "out_type_id"];
  const found = await searchRead(session, { model: "stock.warehouse", domain: [], fields }, shape);
  return found.flatMap(({ name, lot_stock_id, out_type_id }) => {
    const [stockLocation, deliveryType] = [idOf(lot_stock_id), idOf(out_type_id)];
    return stockLocation === null || deliveryType === null ? [] : [{ name, stockLocation, deliveryType }];
  });
}

/** readPartners lists customers: contacts that stand for themselves and have a customer rank. */
export async function readPartners(session: OdooSession, limit: number): Promise<readonly number[]> {
  const domain = [
    ["customer_rank", ">", 0],
    ["parent_id", "=", false],
  ];
  const search = { model: "res.partner", domain, fields: ["id"], limit };
  return (await searchRead(session, search, z.object({ id: z.number() }))).map(({ id }) => id);
}

/** readPickings lists deliveries that are ready and in no batch, the oldest first, so that both arms get the same ones. */
export async function readPickings(session: OdooSession, deliveryType: number): Promise<readonly number[]> {
  const domain = [
    ["state", "=", "assigned"],
    ["batch_id", "=", false],
    ["picking_type_id", "=", deliveryType],
  ];
  const search = { model: "stock.picking", domain, fields: ["id"] };
  return (await searchRead(session, search, z.object({ id: z.number() }))).map(({ id }) => id);
}
