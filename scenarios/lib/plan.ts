/**
 * The shapes in this file repeat those of the harness (src/domain), which writes the plan: k6 resolves no packages and strips
 * types only, so the two sides share the JSON file and not the source. A test keeps the two texts compatible.
 */
export type Arm = "baseline" | "candidate";

export type Outcome = "ok" | "application" | "ingress" | "foreign" | "session" | "conflict" | "script";

export type ScenarioName = "checkout" | "stock-sync" | "order-import" | "picking-wave" | "store-orders";

export type Schedule =
  | { readonly kind: "duet" }
  | { readonly kind: "slots"; readonly slotMs: number; readonly guardMs: number }
  | { readonly kind: "sequential"; readonly arm: Arm };

/** ScenarioPlan is one scenario: arrivals of both arms together, and the business size of one transaction. */
export interface ScenarioPlan {
  readonly perMinute: number;
  readonly phaseMs: number;
  readonly size: number;
  readonly preAllocatedVUs: number;
  readonly maxVUs: number;
}

export interface Product {
  readonly id: number;
  readonly templateId: number;
  readonly path: string;
  readonly price: number;
}

/** Till is a point of sale on which the run opens a session. */
export interface Till {
  readonly configId: number;
  readonly pricelistId: number | null;
  readonly paymentMethodId: number;
}

/** TillProduct is what every till sells; `amounts` are what one, two, ... of it cost without and with tax. */
export interface TillProduct {
  readonly id: number;
  readonly price: number;
  readonly taxIds: readonly number[];
  readonly amounts: readonly { readonly untaxed: number; readonly total: number }[];
}

interface StoreData {
  readonly cashierId: number;
  readonly tills: readonly Till[];
  readonly products: readonly TillProduct[];
}

/** ShopData is what the scenarios choose from; it is equal in both arms. */
export interface ShopData {
  readonly products: readonly Product[];
  readonly partners: readonly number[];
  readonly stockLocations: readonly number[];
  readonly pickings: readonly number[];
  readonly pickingTypeId: number;
  readonly providerId: number;
  readonly paymentMethodId: number;
  readonly carrierId: number;
  readonly countryId: number;
  readonly store: StoreData;
}

/** Ways says how the server does what the scenarios ask of it; each file of `scenarios/odoo/` has one capability with its ways. */
export interface Ways {
  readonly api?: "session" | "key";
  readonly cart?: "form" | "json";
  readonly address?: "page" | "submit";
  readonly delivery?: "none" | "method";
  readonly confirm?: "step" | "none";
  readonly payment?: "acquirer" | "option" | "method";
  readonly simulator?: "test" | "demo";
  readonly picking?: "qty-done" | "picked";
  readonly reserved?: "product_uom_qty" | "reserved_uom_qty" | "quantity";
  readonly stockCount?: "adjustment" | "quant";
  readonly storable?: "type" | "mark";
  readonly storeOrders?: "create-from-ui" | "sync-from-ui";
  readonly tillClosing?: "button" | "counted";
}

export interface ArmTarget {
  readonly baseUrl: string;
  readonly database: string;
}

/** Plan is the whole of what the harness tells k6. */
export interface Plan {
  readonly runId: string;
  readonly seed: number;
  readonly schedule: Schedule;
  readonly arms: Partial<Readonly<Record<Arm, ArmTarget>>>;
  readonly durationMs: number;
  readonly warmupMs: number;
  readonly gracefulStopMs: number;
  readonly scenarios: Partial<Readonly<Record<ScenarioName, ScenarioPlan>>>;
  readonly capabilities: Ways;
  readonly data: ShopData;
}

export const ARMS: readonly Arm[] = ["baseline", "candidate"];
