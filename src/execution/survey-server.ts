import { HarnessError } from "../domain/error.ts";
import { SCENARIO_NAMES, type ScenarioLoad, type ScenarioName } from "../domain/load/plan.ts";
import type { CapabilityVariants } from "../domain/target/capabilities.ts";
import { compilePlan } from "../load/compile-plan.ts";
import { readCapabilities } from "../odoo/capabilities/variants.ts";
import { requireMarker } from "../odoo/checks/loadable.ts";
import { requireNeutral, requireNeutralDatabase } from "../odoo/checks/neutral.ts";
import { OdooFault } from "../odoo/connection/json-rpc.ts";
import { requireVersion } from "../odoo/connection/server.ts";
import { type OdooAccount, type OdooSession, openOdooSession } from "../odoo/connection/session.ts";
import { discoverShop } from "../odoo/shop/shop-data.ts";
import { type PaymentChoice, readPayments, readVisitor, type Visitor } from "../odoo/shop/visitor.ts";

/** MissingItem is one thing that a server lacks, and how to add it. */
export interface MissingItem {
  readonly text: string;
  readonly remedy: string;
}

/** ScenarioSurvey says whether a server can do one scenario, and what it has for it. */
export type ScenarioSurvey =
  | { readonly scenario: ScenarioName; readonly missing: MissingItem }
  | {
      readonly scenario: ScenarioName;
      readonly missing: null;
      readonly variants: CapabilityVariants;
      readonly products: number;
      readonly customers: number;
      readonly pickings: number;
      readonly tills: number;
    };

/** ServerSurvey is what a server answered about itself. */
export interface ServerSurvey {
  readonly version: string;
  readonly database: string;
  readonly visitor: Visitor;
  /** Null where the user may not see them. */
  readonly payments: readonly PaymentChoice[] | null;
  /** What forbids any load of this server at present: a missing marker, real mail, real payments. */
  readonly locks: readonly MissingItem[];
  readonly scenarios: readonly ScenarioSurvey[];
}

/** SMALLEST is the smallest transaction of a scenario. A server needs data for at least that. */
const SMALLEST: ScenarioLoad = { perMinute: 60, size: 1 };

/** surveyServer asks a server for its version and its capabilities. It changes nothing in the server except a login. */
export async function surveyServer(account: OdooAccount & { readonly invariantsDsn: string | null }): Promise<ServerSurvey> {
  const { version } = await requireVersion(account.baseUrl);
  const session = await openOdooSession(account);
  const visitor = await readVisitor(session);
  const { invariantsDsn } = account;
  const neutral = () => (invariantsDsn === null ? requireNeutral(session) : requireNeutralDatabase(invariantsDsn, account));
  const locks = [await missingFrom(() => requireMarker(session)), await missingFrom(neutral)];
  const scenarios: ScenarioSurvey[] = [];
  for (const scenario of SCENARIO_NAMES) scenarios.push(await surveyScenario(session, scenario, visitor));
  return {
    version,
    database: account.database,
    visitor,
    payments: await unlessRefused(() => readPayments(session)),
    locks: locks.filter((missing) => missing !== null),
    scenarios,
  };
}

/** surveyScenario does for one scenario what a run does before its load, up to the plan. */
async function surveyScenario(session: OdooSession, scenario: ScenarioName, visitor: Visitor): Promise<ScenarioSurvey> {
  const closed = closedShop(visitor, scenario);
  // Without a database no route answers, so the capabilities would all be missing for the same reason.
  if (closed !== null && visitor.shop === "no-database") return { scenario, missing: closed };
  let variants: CapabilityVariants = {};
  let found = { products: 0, customers: 0, pickings: 0, tills: 0 };
  const lacking = await missingFrom(async () => {
    variants = await readCapabilities(session, [scenario]);
    const data = await discoverShop(session, { scenarios: [scenario], variants });
    const workload = { loadMs: 1000, warmupMs: 0, scenarios: { [scenario]: SMALLEST } };
    const schedule = { kind: "sequential", arm: "baseline" } as const;
    compilePlan({
      runId: "survey",
      seed: 1,
      schedule,
      arms: { baseline: session.account },
      workload,
      capabilities: variants,
      data,
    });
    const { products } = scenario === "store-orders" ? data.store : data;
    const [customers, pickings, tills] = [data.partners.length, data.pickings.length, data.store.tills.length];
    found = { products: products.length, customers, pickings, tills };
  });
  const missing = lacking ?? closed;
  return missing === null ? { scenario, missing: null, variants, ...found } : { scenario, missing };
}

/** closedShop says why a guest cannot take part in a scenario of the shop; null where a guest can, and for all other scenarios. */
function closedShop({ shop, account }: Visitor, scenario: ScenarioName): MissingItem | null {
  if (scenario !== "checkout" && scenario !== "browse") return null;
  if (shop === "no-database") {
    return {
      text: "the server has several databases, and the host name selects none of them",
      remedy: "Give the shop a host name of its own (dbfilter in Odoo's configuration), or start Odoo with --database.",
    };
  }
  if (shop === "absent")
    return { text: "/shop does not answer", remedy: "Install the module website_sale, and publish its website." };
  const remedy = "Open the shop to guests for the test (Website settings: sign in/up at checkout, e-commerce access).";
  if (shop === "login") return { text: "the shop requires an account", remedy };
  return scenario === "checkout" && account === "mandatory" ? { text: "a checkout needs an account", remedy } : null;
}

async function missingFrom(work: () => Promise<unknown>): Promise<MissingItem | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof HarnessError) return { text: error.message, remedy: error.hint };
    if (error instanceof OdooFault) {
      return { text: `Odoo answers with an error: ${error.fault}: ${error.message}`, remedy: "Read the reason in Odoo's log." };
    }
    throw error;
  }
}

/** unlessRefused returns null where Odoo refuses, for information that is not needed. */
async function unlessRefused<Value>(work: () => Promise<Value>): Promise<Value | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof HarnessError) return null;
    throw error;
  }
}
