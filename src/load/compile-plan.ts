import { type Arm, ARMS, type PerArm } from "../domain/arm.ts";
import { HarnessError } from "../domain/error.ts";
import { type Plan, SCENARIO_NAMES, type ShopData, type Workload } from "../domain/load/plan.ts";
import type { Schedule } from "../domain/load/run.ts";
import type { CapabilityVariants } from "../domain/target/capabilities.ts";
import type { ArmEndpoint } from "../domain/target/target.ts";
import { plannedArrivals, sizeScenarios } from "./arrivals.ts";

/** An iteration that still runs this long after the end of the load is interrupted. A checkout takes seconds even under stress. */
const GRACEFUL_STOP_MS = 30_000;

export interface PlanRequest {
  readonly runId: string;
  readonly seed: number;
  readonly schedule: Schedule;
  readonly arms: Partial<PerArm<Pick<ArmEndpoint, "baseUrl" | "database">>>;
  readonly workload: Workload;
  readonly capabilities: CapabilityVariants;
  readonly data: ShopData;
}

/** compilePlan turns a workload in business units and the data of the shop into the plan that k6 runs. */
export function compilePlan(request: PlanRequest): Plan {
  const { runId, seed, schedule, workload, capabilities, data } = request;
  if (schedule.kind === "slots" && !(schedule.guardMs < schedule.slotMs)) {
    throw new HarnessError("usage", `schedule: a guard of ${schedule.guardMs} ms fills the whole slot of ${schedule.slotMs} ms`, {
      hint: "Make the guard time shorter than the slot.",
    });
  }
  const scenarios = sizeScenarios(workload.scenarios);
  if (Object.keys(scenarios).length === 0) {
    throw new HarnessError("usage", "workload: it names no scenario", {
      hint: "Give at least one scenario a rate, such as order-import.",
    });
  }
  const plan: Plan = {
    runId,
    seed,
    schedule,
    arms: Object.fromEntries(armsOf(schedule).map((arm) => [arm, readArm(request, arm)])),
    durationMs: workload.loadMs,
    warmupMs: workload.warmupMs,
    gracefulStopMs: GRACEFUL_STOP_MS,
    scenarios,
    capabilities,
    data,
  };
  for (const [name, { perMinute }] of scenariosOf(plan)) {
    if (plannedArrivals(plan, name).load > 0) continue;
    throw new HarnessError("usage", `workload: no ${name} is due in the load at ${perMinute} per minute`, {
      hint: "Raise its rate, lengthen the load, or leave it out. Arrivals in the guard time of a slot do no work.",
    });
  }
  checkShopData(plan);
  return plan;
}

function scenariosOf(plan: Plan) {
  return SCENARIO_NAMES.flatMap((name) => {
    const scenario = plan.scenarios[name];
    return scenario === undefined ? [] : [[name, scenario] as const];
  });
}

function armsOf(schedule: Schedule): readonly Arm[] {
  return schedule.kind === "sequential" ? [schedule.arm] : ARMS;
}

/** readArm copies only these two fields: the plan is a file of the bundle, and the endpoint contains passwords. */
function readArm(request: PlanRequest, arm: Arm): { baseUrl: string; database: string } {
  const endpoint = request.arms[arm];
  if (endpoint === undefined) {
    throw new HarnessError("usage", `target: the ${request.schedule.kind} schedule needs a ${arm}, and the target has none`, {
      hint: "Name both arms of the target, or run one arm with the sequential schedule.",
    });
  }
  return { baseUrl: endpoint.baseUrl, database: endpoint.database };
}

/** checkShopData refuses a plan for which the shop has too little data, before any request is sent. */
function checkShopData(plan: Plan): void {
  const { data, scenarios, capabilities } = plan;
  const checkout = scenarios["checkout"];
  const sync = scenarios["stock-sync"];
  const orders = scenarios["order-import"];
  const wave = scenarios["picking-wave"];
  const bursts = scenarios["store-orders"];
  if (checkout !== undefined) {
    need("published products with stock", data.products.length, checkout.size, "products for one cart");
    need("simulated payment providers", data.providerId > 0 ? 1 : 0, 1, "published provider in test mode");
    if (capabilities.payment === "method") {
      need("payment methods of that provider", data.paymentMethodId > 0 ? 1 : 0, 1, "active payment method");
    }
    if (capabilities.delivery === "method") {
      need("delivery methods", data.carrierId > 0 ? 1 : 0, 1, "published delivery method of a fixed price or of rules");
    }
  }
  if (sync !== undefined) {
    need("published products with stock", data.products.length, sync.size, "products for one stock sync");
    need("stock locations", data.stockLocations.length, 1, "location");
  }
  if (orders !== undefined) {
    need("published products with stock", data.products.length, orders.size, "products for one order");
    need("customers", data.partners.length, 1, "customer");
  }
  if (wave !== undefined) {
    const pickings = plannedArrivals(plan, "picking-wave").pairs * wave.size;
    need("ready pickings", data.pickings.length, pickings, "pickings in each arm for warm-up and load");
  }
  if (bursts !== undefined) {
    need("tills without an open session", data.store.tills.length, 1, "till with a payment method that takes no cash");
    need("products of the tills with stock", data.store.products.length, 1, "product");
  }
}

function need(what: string, found: number, needed: number, purpose: string): void {
  if (found >= needed) return;
  throw new HarnessError("cannot-measure", `the target has ${found} ${what}; the workload needs ${needed} ${purpose}`, {
    hint: `Add them to the target, or lower the workload so that ${found} are enough.`,
  });
}
