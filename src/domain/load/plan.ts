import type { PerArm } from "../arm.ts";
import type { CapabilityVariants } from "../target/capabilities.ts";
import type { Schedule } from "./run.ts";
import { SCENARIO_NAMES, type ScenarioName } from "./scenarios.ts";

export { SCENARIO_NAMES, type ScenarioName };

/** ScenarioPlan is one scenario as k6 gets it. Both arms together make `perMinute` arrivals of `size` each; see ScenarioLoad. */
export interface ScenarioPlan {
  readonly perMinute: number;
  /** When the first arrival is due, in milliseconds after the start of the load; arrival n is due n periods later. */
  readonly phaseMs: number;
  readonly size: number;
  readonly preAllocatedVUs: number;
  readonly maxVUs: number;
  /** What the references of the scenario's transactions have after the stamp of the run. */
  readonly prefix: string;
}

/** Till is a point of sale without an open session, so that the run can open one. */
export interface Till {
  readonly configId: number;
  /** Null where the till sells without a price list. */
  readonly pricelistId: number | null;
  /** A payment method without cash, so that closing the till requires no cash count. */
  readonly paymentMethodId: number;
}

/** TillProduct is a product that every till of the plan sells. */
export interface TillProduct {
  readonly id: number;
  readonly price: number;
  readonly taxIds: readonly number[];
  /** Price of one, two, ... pieces, calculated by Odoo, without and with tax. A till sends the sums; Odoo does not recalculate them. */
  readonly amounts: readonly { readonly untaxed: number; readonly total: number }[];
}

/** StoreData is the data of the tills. Both lists are empty unless a scenario needs them. */
export interface StoreData {
  /** User id of the cashier. */
  readonly cashierId: number;
  readonly tills: readonly Till[];
  readonly products: readonly TillProduct[];
}

/** Product is a published product of the shop. `path` is the address of its page. */
export interface Product {
  readonly id: number;
  readonly templateId: number;
  readonly path: string;
  readonly price: number;
}

/** ShopData is the data that the scenarios choose from. It is read from the target before the load and is equal in both arms. */
export interface ShopData {
  readonly products: readonly Product[];
  readonly partners: readonly number[];
  readonly stockLocations: readonly number[];
  /** Pickings ready to be taken into a wave; each is used once. */
  readonly pickings: readonly number[];
  readonly pickingTypeId: number;
  /** Id of the acquirer or provider of the simulated payments; 0 where there is none. */
  readonly providerId: number;
  /** Id of its payment method, where the server requires one; else 0. */
  readonly paymentMethodId: number;
  /** Id of the delivery method, where the shopper must choose one; else 0. */
  readonly carrierId: number;
  readonly countryId: number;
  readonly store: StoreData;
}

/** ArmTarget is the address of one arm in the plan. */
export interface ArmTarget {
  readonly baseUrl: string;
  readonly database: string;
}

/** Plan is the whole input of a k6 process apart from the secrets. It is written to `k6/plan.json` and holds no secret. */
export interface Plan {
  readonly runId: string;
  readonly seed: number;
  readonly schedule: Schedule;
  readonly arms: Partial<PerArm<ArmTarget>>;
  readonly durationMs: number;
  readonly warmupMs: number;
  readonly gracefulStopMs: number;
  readonly scenarios: Partial<Readonly<Record<ScenarioName, ScenarioPlan>>>;
  /** The variant of each capability on the server, the same in both arms. */
  readonly capabilities: CapabilityVariants;
  readonly data: ShopData;
}

/** ScenarioLoad is one scenario in business units; both arms together make `perMinute` transactions. */
export interface ScenarioLoad {
  readonly perMinute: number;
  /** Size of one transaction, in the unit that the config names: products per cart, SKUs per sync, lines per order, ... */
  readonly size: number;
}

/** Workload is the load of a run in business units, before it is compiled for k6. */
export interface Workload {
  readonly loadMs: number;
  readonly warmupMs: number;
  readonly scenarios: Partial<Readonly<Record<ScenarioName, ScenarioLoad>>>;
}

/** scenariosOf lists the scenarios that a workload loads. */
export function scenariosOf({ scenarios }: Workload): readonly ScenarioName[] {
  return SCENARIO_NAMES.filter((name) => scenarios[name] !== undefined);
}
