import type { ScenarioName } from "../../domain/load/plan.ts";
import type { ServerFacts } from "../capabilities/server-facts.ts";
import type { OdooSession } from "../odoo-session.ts";
import type { Tally } from "./tally.ts";
import type { Trace } from "./trace.ts";

/** CleanupWork is what every part of a cleanup works with. */
export interface CleanupWork {
  readonly session: OdooSession;
  /** What the server has, by which each part picks its way. */
  readonly facts: ServerFacts;
  /** The login with which the run loaded; the session may be another user's, who may delete. */
  readonly loadedBy: string;
  /** Scenarios of the run: models that they do not need may be missing in the target. */
  readonly scenarios: readonly ScenarioName[];
  /** What every reference of the run begins with, such as `pp-261121-0930-k3x-b-`. */
  readonly stamp: string;
  /** No record of the run is older, in UTC as Odoo writes its times. */
  readonly since: string;
  readonly tally: Tally;
  readonly signal: AbortSignal;
}

/**
 * CleanupArea is a group of models that are cleaned together. It looks for its records by the run's stamp and not by the ledger:
 * a run that was killed has written records whose answer it never read.
 */
export interface CleanupArea {
  /** What it is, for the progress line. */
  readonly label: string;
  /** Scenarios that write its records. */
  readonly scenarios: readonly ScenarioName[];
  /** Finds what is there. `found` is what the areas before it found. It changes nothing. */
  scan(work: CleanupWork, found: readonly Trace[]): Promise<readonly Trace[]>;
  /** Undoes what can be undone; `found` is the whole last scan. Doing it again after a kill goes on where it ended. */
  clear(work: CleanupWork, found: readonly Trace[]): Promise<unknown>;
}

/** startsWithStamp is the pattern for fields that begin with a reference of the run. */
export function startsWithStamp({ stamp }: Pick<CleanupWork, "stamp">): string {
  return `${stamp}%`;
}
