import type { ServerVersion } from "../server-version.ts";

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
