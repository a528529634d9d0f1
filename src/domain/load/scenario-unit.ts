import type { Service } from "../service.ts";
import { findDeclaration, SCENARIOS } from "./scenarios.ts";

/** ScenarioUnit is the service that a scenario loads and the name of one of its transactions. */
export interface ScenarioUnit {
  readonly service: Service;
  readonly unit: string;
}

/** scenarioUnit finds the service and unit of a scenario. A scenario of a foreign k6 script belongs to no service of its own. */
export function scenarioUnit(scenario: string): ScenarioUnit {
  const { service, unit } = describeScenario(scenario);
  return { service, unit };
}

/** ScenarioDescription is the name of a scenario, its service and its words in reports. */
export interface ScenarioDescription extends ScenarioUnit {
  readonly scenario: string;
  /** Name of the whole transaction. */
  readonly label: string;
}

/** describeScenario finds the words for a scenario. A scenario of a foreign k6 script keeps its name. */
export function describeScenario(scenario: string): ScenarioDescription {
  const declaration = findDeclaration(scenario);
  if (declaration === null) return { scenario, service: "platform", label: scenario, unit: "transaction" };
  const { service, label, unit } = declaration;
  return { scenario, service, label, unit };
}

/** scenarioOfStep finds the scenario of a step by the part before its slash: `checkout/cart` belongs to `checkout`. */
export function scenarioOfStep(step: string): string | null {
  const prefix = step.split("/", 1)[0] ?? "";
  return SCENARIOS.find(({ name, service }) => name === prefix || service === prefix)?.name ?? null;
}
