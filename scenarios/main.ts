import type { Options, Scenario } from "k6/options";

import type { Arm } from "../src/domain/arm.ts";
import type { Plan, ScenarioName, ScenarioPlan } from "../src/domain/load/plan.ts";
import { browseShop, isCustomer } from "./browse.ts";
import { checkOut } from "./checkout.ts";
import { findOutcome } from "./lib/answer.ts";
import { json2 } from "./lib/api.ts";
import { openSessions, renewSession, renewSessions, type Sessions, type User, useSession } from "./lib/session.ts";
import { speak } from "./lib/step.ts";
import { transact, type Transaction } from "./lib/transaction.ts";
import { closeTills, type OpenTills, openTills } from "./odoo/tills.ts";
import { importOrder } from "./order-import.ts";
import { pickWave } from "./picking-wave.ts";
import { syncStock } from "./stock-sync.ts";
import { syncStoreOrders } from "./store-orders.ts";

/** The harness writes and checks the plan. The plan holds no secret: logins and passwords come from the environment. */
const plan: Plan = JSON.parse(open(readEnvironment("PEAKPROOF_PLAN")));

export const options = buildOptions();

/** Prepared is the result of set-up: what is opened once, before the load. */
interface Prepared {
  readonly sessions: Sessions;
  readonly tills: OpenTills;
  /** Sessions of the customer; empty where all visitors are guests. */
  readonly customers: Sessions;
}

/** Sessions that this virtual user opened to replace lost ones. */
const renewed: Partial<Record<Arm, string>> = {};

export function setup(): Prepared {
  const sessions = openSessions(plan, readUser());
  return { sessions, tills: openTills(plan, sessions), customers: openCustomers() };
}

/** The sessions of set-up may be lost by now. A till that stays open cannot be opened by the next run. */
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

/** A session of the customer that is lost turns the visitor into a guest: the pages are public. */
export function browse({ customers }: Prepared): void {
  transact(plan, "browse", (transaction) => {
    const session = customers[transaction.arm];
    if (session !== undefined && isCustomer(transaction)) useSession(transaction.target, session);
    browseShop(transaction);
  });
}

function openCustomers(): Sessions {
  const [login = "", password = ""] = [__ENV["PEAKPROOF_CUSTOMER_LOGIN"], __ENV["PEAKPROOF_CUSTOMER_PASSWORD"]];
  return plan.scenarios.browse === undefined || login === "" ? {} : openSessions(plan, { login, password });
}

/** Another system uses an API key where the server accepts one. It then needs no session. */
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

/** buildOptions turns the plan into k6's options. The exported function of a scenario has its name in camel case. */
function buildOptions(): Options {
  const scenarios = Object.entries(plan.scenarios).map(([name, scenario]) => [name, toScenario(scenario, camelCase(name))]);
  return {
    scenarios: Object.fromEntries(scenarios),
    setupTimeout: "60s",
    // To close a till, Odoo processes all of its orders in one request.
    teardownTimeout: "90s",
    // `url` would create one series per address, and `error` is free text.
    systemTags: ["status", "method", "name", "scenario", "group", "error_code", "expected_response"],
    userAgent: `peakproof (run ${plan.runId})`,
  };
}

/** camelCase turns the name of a scenario into that of its function: `stock-sync` into `stockSync`. */
function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function toScenario(scenario: ScenarioPlan, exec: string): Scenario {
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
