import type { Service } from "../service.ts";
import type { CapabilityName } from "../target/capabilities.ts";

/** ScenarioDeclaration is everything about one scenario that the rest of the program derives from the table in `scenarios.ts`. */
export interface ScenarioDeclaration {
  /** Name of the scenario in the config, in k6 and in bundles. Its flow is `scenarios/<name>.ts`. */
  readonly name: string;
  /** The business service whose indicators the scenario measures. */
  readonly service: Service;
  /** Name of the whole transaction in reports. */
  readonly label: string;
  /** One transaction in the singular. */
  readonly unit: string;
  /** What the references of the scenario's transactions have after the stamp of the run. */
  readonly prefix: string;
  /** Keys of the config: transactions per minute, the size of one transaction, and a share that the config may state. */
  readonly config: { readonly rate: string; readonly size: string; readonly share?: ShareOfOther };
  /** What `peakproof init` proposes as a careful first load. */
  readonly draft: { readonly perMinute: number; readonly size: number };
  /** Size of one transaction in the contract suite: large enough that every loop runs more than once. */
  readonly contractSize: number;
  /** The data of the shop of which one transaction needs `size` pieces; null where it needs none. */
  readonly takes: Supply | null;
  /** Modules that the scenario requires in addition to those that a capability names. */
  readonly modules: readonly string[];
  /** Capabilities that the scenario, or the cleanup of its records, requires. */
  readonly capabilities: readonly CapabilityName[];
  /**
   * The most records by model that one transaction of a given size creates or changes for good on Odoo 14. Records that Odoo writes
   * in addition (notes, reservations, website visitors) are not counted. Empty for a scenario that only reads.
   */
  readonly writes: (size: number) => Readonly<Record<string, number>>;
  /** Margin of the SQL statements per transaction, where the default margin does not fit. */
  readonly statementMargin?: { readonly relative: number; readonly absolute: number };
  /** Label of the indicator of the metric `peakproof_freshness`, where the flow measures it. */
  readonly freshness?: string;
  /** Routes of each step in Odoo's access log. */
  readonly steps: ScenarioSteps;
}

/** Supply is data of the shop. `usedUp` says that a piece can be taken once only. */
interface Supply {
  readonly from: "products" | "pickings";
  readonly usedUp: boolean;
}

/** ShareOfOther is a key of the config that states rate / (rate + own rate) for the rate of another scenario, as a check. */
export interface ShareOfOther {
  readonly key: string;
  readonly of: "checkout";
}

/**
 * ScenarioSteps maps the name of each step to its requests, written `METHOD /route`, with the route as `normaliseRoute` writes it.
 * A step has more than one request where servers do the same thing in different ways; each server knows one of them.
 */
export type ScenarioSteps = Readonly<Record<string, readonly string[]>>;
