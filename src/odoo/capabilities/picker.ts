import { HarnessError } from "../../domain/error.ts";
import type { ScenarioName } from "../../domain/load/plan.ts";
import type { Capabilities, CapabilityName } from "../../domain/target/capabilities.ts";
import type { ServerVersion } from "../connection/server.ts";

/** Picker chooses the variant of one capability by the facts of a server. */
export interface Picker<Name extends CapabilityName> {
  readonly name: Name;
  /** The facts that the choice depends on. */
  readonly asks: Partial<WantedFacts>;
  /** Throws `missingCapability` where the server has no variant of the capability. */
  pick(facts: ServerFacts): Capabilities[Name];
}

/** ServerFacts are the facts of a server by which pickers choose. */
export interface ServerFacts {
  readonly server: ServerVersion;
  /** Whether the target names an API key of the user. */
  readonly hasApiKey: boolean;
  /** Installed modules among those that pickers ask for. */
  readonly modules: ReadonlySet<string>;
  /** Fields by model among those that pickers ask for. A model that the server does not have is missing. */
  readonly fields: ReadonlyMap<string, ReadonlySet<string>>;
  /** Paths that answer among those that pickers ask for. Every status except 404 is an answer. */
  readonly routes: ReadonlySet<string>;
}

/** WantedFacts are the facts to request from a server. */
export interface WantedFacts {
  readonly modules: readonly string[];
  /** Names of fields by model. The scenario requires the model anyway: a request for a missing model leaves a traceback in the log. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** Paths that a shopper can GET without changing anything. */
  readonly routes: readonly string[];
}

/** joinFacts merges the requests of several pickers; each fact is requested once. */
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

/** missingCapability is the error for a server that lacks a capability. It names the module that provides the capability. */
export function missingCapability(
  capability: CapabilityName | ScenarioName,
  { module, lacks, server }: { module: string; lacks: string; server: ServerVersion },
): HarnessError {
  return new HarnessError("cannot-measure", `Odoo ${server.version} lacks the capability ${capability}: ${lacks}`, {
    hint: `Install or repair the module ${module}, or leave out the scenarios that need it.`,
  });
}
