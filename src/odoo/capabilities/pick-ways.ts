import type { ScenarioName } from "../../domain/load/plan.ts";
import type { Ways } from "../../domain/target/capabilities.ts";
import { joinFacts } from "./join-facts.ts";
import { missingCapability } from "./missing-capability.ts";
import { PICKERS } from "./pickers.ts";
import { SCENARIO_MODULES } from "./scenario-modules.ts";
import type { ServerFacts, WantedFacts } from "./server-facts.ts";

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
