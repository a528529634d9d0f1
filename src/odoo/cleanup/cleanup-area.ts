import type { CleanedModel } from "../../domain/load/ledger.ts";
import type { ScenarioName } from "../../domain/load/plan.ts";
import type { ServerFacts } from "../capabilities/picker.ts";
import type { OdooSession } from "../connection/session.ts";

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

/** Trace is a record that bears a run's stamp, or hangs on one that does. */
export interface Trace {
  readonly model: string;
  readonly id: number;
  /** As a person would look it up. */
  readonly name: string;
  /** Why nothing can undo it; null where it can be undone, and so must not be left. */
  readonly irreversible: string | null;
}

/** idsToUndo gives the ids of one model's traces that can be undone. */
export function idsToUndo(traces: readonly Trace[], model: string): readonly number[] {
  return traces.filter((trace) => trace.model === model && trace.irreversible === null).map(({ id }) => id);
}

/** idsKept gives the ids of one model's traces that nothing can undo. */
export function idsKept(traces: readonly Trace[], model: string): ReadonlySet<number> {
  return new Set(traces.filter((trace) => trace.model === model && trace.irreversible !== null).map(({ id }) => id));
}

type Deed = "removed" | "cancelled" | "reversed";

/** Tally counts what a cleanup did, and keeps why Odoo refused what it did not do. */
export interface Tally {
  add(model: string, deed: Deed, count: number): void;
  refuse(model: string, ids: readonly number[], reason: string): void;
  refusalOf(model: string, id: number): string | null;
  models(): readonly CleanedModel[];
}

export function createTally(): Tally {
  const counts = new Map<string, Record<Deed, number>>();
  const refusals = new Map<string, string>();
  return {
    add(model, deed, count) {
      if (count === 0) return;
      const before = counts.get(model) ?? { removed: 0, cancelled: 0, reversed: 0 };
      counts.set(model, { ...before, [deed]: before[deed] + count });
    },
    refuse(model, ids, reason) {
      for (const id of ids) refusals.set(`${model} ${id}`, reason);
    },
    refusalOf: (model, id) => refusals.get(`${model} ${id}`) ?? null,
    models: () => [...counts].map(([model, deeds]) => ({ model, ...deeds })),
  };
}
