import { HarnessError } from "../../domain/error.ts";
import type { ScenarioName } from "../../domain/load/plan.ts";
import type { Capabilities, CapabilityName } from "../../domain/target/capabilities.ts";
import type { ServerVersion } from "../connection/server.ts";

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

/** ServerFacts is what a server says and has; each picker chooses one way by it. */
export interface ServerFacts {
  readonly server: ServerVersion;
  /** Whether the target names an API key of the user. */
  readonly hasApiKey: boolean;
  /** Installed modules, of those that pickers ask for. */
  readonly modules: ReadonlySet<string>;
  /** Fields by model, of those that pickers ask for; a model that the server does not have is missing. */
  readonly fields: ReadonlyMap<string, ReadonlySet<string>>;
  /** Paths that answer, of those that pickers ask for; anything but "not found" is an answer. */
  readonly routes: ReadonlySet<string>;
}

/** WantedFacts is what to ask a server for. */
export interface WantedFacts {
  readonly modules: readonly string[];
  /** Names of fields by model; of models that the scenario needs anyway, since to ask for a missing one leaves a traceback in the log. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** Paths that a shopper may GET without a change to anything. */
  readonly routes: readonly string[];
}

/** joinFacts asks for all that several parts want to know, and for each thing once. */
export function joinFacts(asked: readonly Partial<WantedFacts>[]): WantedFacts {
  const fields: Record<string, readonly string[]> = {};
  for (const [model, names] of asked.flatMap((asks) => Object.entries(asks.fields ?? {}))) {
    fields[model] = [...new Set([...(fields[model] ?? []), ...names])];
  }
  return {
    modules: [...new Set(asked.flatMap(({ modules = [] }) => modules))],
    fields,
    routes: [...new Set(asked.flatMap(({ routes = [] }) => routes))],
  };
}

/** missingCapability says what a server lacks, and which module would bring it. */
export function missingCapability(
  capability: CapabilityName | ScenarioName,
  { module, lacks, server }: { module: string; lacks: string; server: ServerVersion },
): HarnessError {
  return new HarnessError("cannot-measure", `Odoo ${server.version} lacks the capability ${capability}: ${lacks}`, {
    hint: `Install or repair the module ${module}, or leave out the scenarios that need it.`,
  });
}
