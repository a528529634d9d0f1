import type { Options, Scenario } from "k6/options";

import { checkOut } from "./checkout.ts";
import { findOutcome } from "./lib/answer.ts";
import { json2 } from "./lib/api.ts";
import type { Arm, Plan, ScenarioName, ScenarioPlan } from "./lib/plan.ts";
import { openSessions, renewSession, renewSessions, type Sessions, type User, useSession } from "./lib/session.ts";
import { speak } from "./lib/step.ts";
import { transact, type Transaction } from "./lib/transaction.ts";
import { closeTills, type OpenTills, openTills } from "./odoo/tills.ts";
import { importOrder } from "./order-import.ts";
import { pickWave } from "./picking-wave.ts";
import { syncStock } from "./stock-sync.ts";
import { syncStoreOrders } from "./store-orders.ts";

/** The plan is written and checked by the harness; it holds no secret, so login and password come by the environment. */
const plan: Plan = JSON.parse(open(readEnvironment("PEAKPROOF_PLAN")));

export const options = buildOptions(plan, {
  checkout: "checkout",
  "stock-sync": "stockSync",
  "order-import": "orderImport",
  "picking-wave": "pickingWave",
  "store-orders": "storeOrders",
});

/** Prepared is what is opened once, before the load. */
interface Prepared {
  readonly sessions: Sessions;
  readonly tills: OpenTills;
}

/** Sessions that this virtual user opened in place of lost ones. */
const renewed: Partial<Record<Arm, string>> = {};

export function setup(): Prepared {
  const sessions = openSessions(plan, readUser());
  return { sessions, tills: openTills(plan, sessions) };
}

/** The sessions of set-up may be lost by now, and a till that stays open is closed to the next run. */
export function teardown({ sessions, tills }: Prepared): void {
  if (Object.keys(tills).length === 0) return;
  closeTills(plan, { sessions: renewSessions(plan, sessions, readUser()), tills });
}

export function checkout(): void {
  transact(plan, "checkout", checkOut);
}

export function stockSync({ sessions }: Prepared): void {
  transactAsSystem("stock-sync", sessions, syncStock);
}

export function orderImport({ sessions }: Prepared): void {
  transactAsSystem("order-import", sessions, importOrder);
}

export function pickingWave({ sessions }: Prepared): void {
  transactAsUser("picking-wave", sessions, pickWave);
}

export function storeOrders({ sessions, tills }: Prepared): void {
  transactAsUser("store-orders", sessions, (transaction) => syncStoreOrders(transaction, tills[transaction.arm] ?? []));
}

/** Another system brings an API key along where the server takes one, and then needs no session. */
function transactAsSystem(scenario: ScenarioName, sessions: Sessions, flow: (transaction: Transaction) => void): void {
  if (plan.capabilities.api !== "key") {
    transactAsUser(scenario, sessions, flow);
    return;
  }
  const key = readEnvironment("PEAKPROOF_API_KEY");
  transact(plan, scenario, (transaction) => {
    const api = json2({ key, database: transaction.target.database });
    flow({ ...transaction, step: speak(transaction.step, api) });
  });
}

function transactAsUser(scenario: ScenarioName, sessions: Sessions, flow: (transaction: Transaction) => void): void {
  transact(plan, scenario, (transaction) => {
    const { arm, target } = transaction;
    const session = renewed[arm] ?? sessions[arm];
    if (session === undefined) throw new Error(`setup opened no session for the ${arm}`);
    useSession(target, session);
    try {
      flow(transaction);
    } catch (error) {
      if (findOutcome(error) === "session") renewed[arm] = renewSession({ arm, target, session }, readUser());
      throw error;
    }
  });
}

function readUser(): User {
  return { login: readEnvironment("PEAKPROOF_LOGIN"), password: readEnvironment("PEAKPROOF_PASSWORD") };
}

function readEnvironment(name: string): string {
  const value = __ENV[name];
  if (value === undefined || value === "") throw new Error(`the environment variable ${name} is not set`);
  return value;
}

/** buildOptions turns the plan into k6's options. `exec` names the exported function of each scenario. */
export function buildOptions(plan: Plan, exec: Readonly<Record<ScenarioName, string>>): Options {
  const names: readonly ScenarioName[] = ["checkout", "stock-sync", "order-import", "picking-wave", "store-orders"];
  const scenarios: Record<string, Scenario> = {};
  for (const name of names) {
    const scenario = plan.scenarios[name];
    if (scenario !== undefined) scenarios[name] = toScenario(plan, scenario, exec[name]);
  }
  return {
    scenarios,
    setupTimeout: "60s",
    // To close a till, Odoo goes through all of its orders in one request.
    teardownTimeout: "90s",
    // `url` would make one series for every address, and `error` is free text.
    systemTags: ["status", "method", "name", "scenario", "group", "error_code", "expected_response"],
    userAgent: `peakproof (run ${plan.runId})`,
  };
}

function toScenario(plan: Plan, scenario: ScenarioPlan, exec: string): Scenario {
  return {
    executor: "constant-arrival-rate",
    exec,
    rate: scenario.perMinute,
    timeUnit: "60s",
    startTime: `${scenario.phaseMs}ms`,
    duration: `${plan.warmupMs + plan.durationMs - scenario.phaseMs}ms`,
    preAllocatedVUs: scenario.preAllocatedVUs,
    maxVUs: scenario.maxVUs,
    gracefulStop: `${plan.gracefulStopMs}ms`,
  };
}
