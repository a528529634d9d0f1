import type { Service } from "../../domain/service.ts";

/** BusinessStep is how one k6 scenario is called in front of people, and which service answers for it. */
export interface BusinessStep {
  readonly scenario: string;
  readonly service: Service;
  /** Label of the whole transaction. */
  readonly label: string;
  /** One unit of business, in the singular. */
  readonly unit: string;
}

/** businessSteps are the scenarios that ship with the harness. */
export const businessSteps: readonly BusinessStep[] = [
  { scenario: "checkout", service: "checkout", label: "checkout", unit: "checkout" },
  { scenario: "stock-sync", service: "stock", label: "stock sync", unit: "sync" },
  { scenario: "order-import", service: "order-import", label: "order import", unit: "order" },
  { scenario: "picking-wave", service: "warehouse", label: "picking wave", unit: "wave" },
  { scenario: "store-orders", service: "store", label: "store orders", unit: "burst" },
];

/** businessStepOf finds the words for a scenario; a scenario made elsewhere keeps its own name. */
export function businessStepOf(scenario: string): BusinessStep {
  return (
    businessSteps.find((step) => step.scenario === scenario) ?? {
      scenario,
      service: "platform",
      label: scenario,
      unit: "transaction",
    }
  );
}

/** scenarioOfStep says which scenario a step belongs to by the part before its slash: `checkout/cart` is part of `checkout`. */
export function scenarioOfStep(step: string): string | null {
  const prefix = step.split("/", 1)[0] ?? "";
  const found = businessSteps.find((business) => business.scenario === prefix || business.service === prefix);
  return found?.scenario ?? null;
}
