import type { ScenarioName } from "../../domain/load/plan.ts";
import type { Capabilities, CapabilityName } from "../../domain/target/capabilities.ts";
import type { ServerFacts, WantedFacts } from "./server-facts.ts";

/** Picker chooses one way by the facts of a server. */
export interface Picker<Name extends CapabilityName> {
  readonly name: Name;
  /** Scenarios that need the capability, or whose records need it when they are cleaned up. */
  readonly scenarios: readonly ScenarioName[];
  /** The facts that it looks at. */
  readonly asks: Partial<WantedFacts>;
  /** Throws `missingCapability` where there is no way. */
  pick(facts: ServerFacts): Capabilities[Name];
}
