import type { PerArm } from "../arm.ts";
import type { Ways } from "../target/capabilities.ts";
import type { Schedule } from "./run.ts";

export const SCENARIO_NAMES = ["checkout", "stock-sync", "order-import", "picking-wave", "store-orders"] as const;

/** ScenarioName is the name of a k6 scenario and of its file in `scenarios/`. */
export type ScenarioName = (typeof SCENARIO_NAMES)[number];

/**
 * ScenarioPlan is one scenario as k6 gets it. Both arms together make `perMinute` arrivals; `size` is SKUs per sync, lines per
 * order or cart, pickings per wave, orders per burst.
 */
export interface ScenarioPlan {
  readonly perMinute: number;
  /** When the first arrival is due, in milliseconds after the start of the load; arrival n is due n periods later. */
  readonly phaseMs: number;
  readonly size: number;
  readonly preAllocatedVUs: number;
  readonly maxVUs: number;
}

/** Till is a point of sale on which nobody has opened a session, so that the run may. */
export interface Till {
  readonly configId: number;
  /** Null where the till sells without a price list. */
  readonly pricelistId: number | null;
  /** A method that takes no cash, so that nothing has to be counted. */
  readonly paymentMethodId: number;
}

/** TillProduct is what every till of the plan sells. */
export interface TillProduct {
  readonly id: number;
  readonly price: number;
  readonly taxIds: readonly number[];
  /** What one, two, ... of it cost, as Odoo reckons it: without and with tax. A till sends the sums ready-made. */
  readonly amounts: readonly { readonly untaxed: number; readonly total: number }[];
}

/** StoreData is what the tills are and sell. Both lists are empty where no scenario asks for them. */
export interface StoreData {
  /** User who stands at the tills. */
  readonly cashierId: number;
  readonly tills: readonly Till[];
  readonly products: readonly TillProduct[];
}

/** ShopData is what the scenarios choose from, read from the target before the load, equal in both arms. */
export interface ShopData {
  readonly products: readonly {
    readonly id: number;
    readonly templateId: number;
    readonly path: string;
    readonly price: number;
  }[];
  readonly partners: readonly number[];
  readonly stockLocations: readonly number[];
  /** Pickings ready to be taken into a wave; each is used once. */
  readonly pickings: readonly number[];
  readonly pickingTypeId: number;
  /** What takes the simulated payments: an acquirer or a provider. 0 where there is none. */
  readonly providerId: number;
  /** Its payment method, where the server pays by one; else 0. */
  readonly paymentMethodId: number;
  /** The delivery method, where the shopper must choose one; else 0. */
  readonly carrierId: number;
  readonly countryId: number;
  readonly store: StoreData;
}

/** Plan is the whole of what a k6 process is told; it is written to `k6/plan.json` and holds no secret. */
export interface Plan {
  readonly runId: string;
  readonly seed: number;
  readonly schedule: Schedule;
  readonly arms: Partial<PerArm<{ readonly baseUrl: string; readonly database: string }>>;
  readonly durationMs: number;
  readonly warmupMs: number;
  readonly gracefulStopMs: number;
  readonly scenarios: Partial<Readonly<Record<ScenarioName, ScenarioPlan>>>;
  /** The ways of the server, the same in both arms. */
  readonly capabilities: Ways;
  readonly data: ShopData;
}

/** ScenarioLoad is one scenario in business units; both arms together make `perMinute` transactions. */
export interface ScenarioLoad {
  readonly perMinute: number;
  /** Products per cart, SKUs per sync, lines per order, pickings per wave, orders per burst. */
  readonly size: number;
}

/** Workload is what a run asks of the store, before it is compiled for k6. */
export interface Workload {
  readonly loadMs: number;
  readonly warmupMs: number;
  readonly scenarios: Partial<Readonly<Record<ScenarioName, ScenarioLoad>>>;
}

/** scenariosOf lists the scenarios that a workload loads. */
export function scenariosOf({ scenarios }: Workload): readonly ScenarioName[] {
  return SCENARIO_NAMES.filter((name) => scenarios[name] !== undefined);
}
