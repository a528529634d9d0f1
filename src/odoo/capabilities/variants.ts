import type { ScenarioName } from "../../domain/load/plan.ts";
import { declarationOf } from "../../domain/load/scenarios.ts";
import type { CapabilityName, CapabilityVariants } from "../../domain/target/capabilities.ts";
import { requireNoUpgrade } from "../checks/loadable.ts";
import type { OdooSession } from "../connection/session.ts";
import { api } from "./api.ts";
import { address, cart, confirm, delivery, payment, simulator } from "./checkout.ts";
import { joinFacts, missingCapability, type Picker, type ServerFacts, type WantedFacts } from "./picker.ts";
import { readServerFacts } from "./read-server-facts.ts";
import { picking, reserved, stockCount, storable } from "./stock.ts";
import { storeOrders, tillClosing } from "./store.ts";

/**
 * readCapabilities finds the server's variant of each capability that the chosen scenarios require. It refuses a server that lacks a
 * capability or has a module that waits for an upgrade. It changes nothing.
 */
export async function readCapabilities(session: OdooSession, scenarios: readonly ScenarioName[]): Promise<CapabilityVariants> {
  const facts = await readServerFacts(session, wantedFacts(scenarios));
  const variants = pickVariants(facts, scenarios);
  await requireNoUpgrade(session);
  return variants;
}

/** wantedFacts collects the facts that the capabilities of the chosen scenarios depend on. */
export function wantedFacts(scenarios: readonly ScenarioName[]): WantedFacts {
  const modules = scenarios.flatMap((name) => declarationOf(name).modules);
  return joinFacts([{ modules }, ...pickersOf(scenarios).map(({ asks }) => asks)]);
}

/** pickVariants chooses the variants for the chosen scenarios. It refuses a server that lacks a module or a capability of a scenario. */
export function pickVariants(facts: ServerFacts, scenarios: readonly ScenarioName[]): CapabilityVariants {
  for (const scenario of scenarios) {
    const module = declarationOf(scenario).modules.find((name) => !facts.modules.has(name));
    if (module === undefined) continue;
    throw missingCapability(scenario, { module, lacks: `the module ${module} is not installed`, server: facts.server });
  }
  return pickersOf(scenarios).reduce<CapabilityVariants>(
    (variants, picker) => ({ ...variants, [picker.name]: picker.pick(facts) }),
    {},
  );
}

function pickersOf(scenarios: readonly ScenarioName[]) {
  const required = new Set(scenarios.flatMap((name) => declarationOf(name).capabilities));
  return PICKERS.filter(({ name }) => required.has(name));
}

/** compareVariants lists the capabilities whose variants differ between the arms, one sentence each. Empty where the same load fits both. */
export function compareVariants(baseline: CapabilityVariants, candidate: CapabilityVariants): readonly string[] {
  return PICKERS.flatMap(({ name }) => {
    const [left = "none", right = "none"] = [baseline[name], candidate[name]];
    return left === right ? [] : [`The baseline has ${name} by ${left}, the candidate by ${right}`];
  });
}

/** PICKERS has one picker per capability, in the order in which reports list them. */
const PICKERS: readonly { readonly [Name in CapabilityName]: Picker<Name> }[CapabilityName][] = [
  cart,
  address,
  delivery,
  confirm,
  payment,
  simulator,
  storable,
  stockCount,
  reserved,
  picking,
  storeOrders,
  tillClosing,
  api,
];
