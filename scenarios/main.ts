import { checkOut } from "./checkout.ts";
import { buildOptions } from "./lib/options.ts";
import type { Plan, ScenarioName } from "./lib/plan.ts";
import { openSessions, useSession } from "./lib/session.ts";
import type { Sessions } from "./lib/session.ts";
import { transact } from "./lib/transaction.ts";
import type { Transaction } from "./lib/transaction.ts";
import { importOrder } from "./order-import.ts";
import { pickWave } from "./picking-wave.ts";
import { syncStock } from "./stock-sync.ts";

/** The plan is written and checked by the harness; it holds no secret, so login and password come by the environment. */
const plan: Plan = JSON.parse(open(readEnvironment("PEAKPROOF_PLAN")));

export const options = buildOptions(plan, {
  checkout: "checkout",
  "stock-sync": "stockSync",
  "order-import": "orderImport",
  "picking-wave": "pickingWave",
});

export function setup(): Sessions {
  return openSessions(plan, { login: readEnvironment("PEAKPROOF_LOGIN"), password: readEnvironment("PEAKPROOF_PASSWORD") });
}

export function checkout(): void {
  transact(plan, "checkout", checkOut);
}

export function stockSync(sessions: Sessions): void {
  transactAsUser("stock-sync", sessions, syncStock);
}

export function orderImport(sessions: Sessions): void {
  transactAsUser("order-import", sessions, importOrder);
}

export function pickingWave(sessions: Sessions): void {
  transactAsUser("picking-wave", sessions, pickWave);
}

function transactAsUser(scenario: ScenarioName, sessions: Sessions, flow: (transaction: Transaction) => void): void {
  transact(plan, scenario, (transaction) => {
    const session = sessions[transaction.arm];
    if (session === undefined) throw new Error(`setup opened no session for the ${transaction.arm}`);
    useSession(transaction.target, session);
    flow(transaction);
  });
}

function readEnvironment(name: string): string {
  const value = __ENV[name];
  if (value === undefined || value === "") throw new Error(`the environment variable ${name} is not set`);
  return value;
}
