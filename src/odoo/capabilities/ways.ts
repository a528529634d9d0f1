import type { ScenarioName } from "../../domain/load/plan.ts";
import type { CapabilityName, Ways } from "../../domain/target/capabilities.ts";
import { requireNoUpgrade } from "../checks/loadable.ts";
import type { OdooSession } from "../connection/session.ts";
import { api } from "./api.ts";
import { address, cart, confirm, delivery, payment, simulator } from "./checkout.ts";
import { joinFacts, missingCapability, type Picker, type ServerFacts, type WantedFacts } from "./picker.ts";
import { readServerFacts } from "./read-server-facts.ts";
import { picking, reserved, stockCount, storable } from "./stock.ts";
import { storeOrders, tillClosing } from "./store.ts";

/**
 * readCapabilities finds the ways in which a server does what the chosen scenarios need. It refuses a server that lacks one of
 * them, or whose modules wait for an upgrade, and changes nothing.
 */
export async function readCapabilities(session: OdooSession, scenarios: readonly ScenarioName[]): Promise<Ways> {
  const facts = await readServerFacts(session, wantedFacts(scenarios));
  const ways = pickWays(facts, scenarios);
  await requireNoUpgrade(session);
  return ways;
}

/** wantedFacts collects what to ask a server for, so that the ways of the chosen scenarios can be picked. */
export function wantedFacts(scenarios: readonly ScenarioName[]): WantedFacts {
  return joinFacts([...modulesOf(scenarios), ...pickersOf(scenarios).map(({ asks }) => asks)]);
}

/** pickWays picks the ways that the chosen scenarios need, and refuses a server that lacks a module or a way of one of them. */
export function pickWays(facts: ServerFacts, scenarios: readonly ScenarioName[]): Ways {
  for (const { scenario, modules } of modulesOf(scenarios)) {
    const module = modules.find((name) => !facts.modules.has(name));
    if (module === undefined) continue;
    throw missingCapability(scenario, { module, lacks: `the module ${module} is not installed`, server: facts.server });
  }
  return pickersOf(scenarios).reduce<Ways>((ways, picker) => ({ ...ways, [picker.name]: picker.pick(facts) }), {});
}

function pickersOf(scenarios: readonly ScenarioName[]) {
  return PICKERS.filter((picker) => picker.scenarios.some((name) => scenarios.includes(name)));
}

function modulesOf(scenarios: readonly ScenarioName[]) {
  return SCENARIO_MODULES.filter(({ scenario }) => scenarios.includes(scenario));
}

/** compareWays says in sentences which capabilities the arms have in different ways; none means that the same load fits both. */
export function compareWays(baseline: Ways, candidate: Ways): readonly string[] {
  return PICKERS.flatMap(({ name }) => {
    const [left = "none", right = "none"] = [baseline[name], candidate[name]];
    return left === right ? [] : [`The baseline has ${name} by ${left}, the candidate by ${right}`];
  });
}

/** PICKERS has one picker for each capability, in the order in which people read them. */
export const PICKERS: readonly { readonly [Name in CapabilityName]: Picker<Name> }[CapabilityName][] = [
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

/** SCENARIO_MODULES are the modules that each scenario cannot do without, beside those that a capability names. */
export const SCENARIO_MODULES: readonly { readonly scenario: ScenarioName; readonly modules: readonly string[] }[] = [
  { scenario: "checkout", modules: ["website_sale", "website_sale_stock"] },
  { scenario: "stock-sync", modules: ["stock"] },
  { scenario: "order-import", modules: ["sale_management", "sale_stock"] },
  { scenario: "picking-wave", modules: ["stock_picking_batch"] },
  { scenario: "store-orders", modules: ["point_of_sale"] },
];
