import type { Service } from "../service.ts";

/** ScenarioUnit says which service a k6 scenario loads and what one of its transactions is called. */
export interface ScenarioUnit {
  readonly service: Service;
  readonly unit: string;
}

const units: ReadonlyMap<string, ScenarioUnit> = new Map([
  ["checkout", { service: "checkout", unit: "checkout" }],
  ["stock-sync", { service: "stock", unit: "sync" }],
  ["order-import", { service: "order-import", unit: "order" }],
  ["picking-wave", { service: "warehouse", unit: "wave" }],
  ["store-orders", { service: "store", unit: "burst" }],
]);

/** scenarioUnit finds the words for a scenario; one that was made elsewhere belongs to no service of its own. */
export function scenarioUnit(scenario: string): ScenarioUnit {
  return units.get(scenario) ?? { service: "platform", unit: "transaction" };
}
