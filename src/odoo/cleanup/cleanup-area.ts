import { z } from "zod";

import type { CleanedModel } from "../../domain/load/ledger.ts";
import type { ScenarioName } from "../../domain/load/plan.ts";
import type { ServerFacts } from "../capabilities/picker.ts";
import { type OdooSession, searchRead, textOrFalse } from "../connection/session.ts";

/** CleanupWork is the context of a cleanup: the session, the run, and the tally of what was done. */
export interface CleanupWork {
  readonly session: OdooSession;
  /** The facts of the server by which each area picks its variant. */
  readonly facts: ServerFacts;
  /** The login of the load. The session may belong to another user, who has the right to delete. */
  readonly loadedBy: string;
  /** Scenarios of the run. Models that these scenarios do not need may be missing in the target. */
  readonly scenarios: readonly ScenarioName[];
  /** The prefix of every reference of the run, such as `pp-261121-0930-k3x-b-`. */
  readonly stamp: string;
  /** No record of the run is older. UTC, in Odoo's format. */
  readonly since: string;
  readonly tally: Tally;
  readonly signal: AbortSignal;
}

/**
 * CleanupArea is a group of models that are cleaned together. It finds its records by the run's stamp and not by the ledger: a
 * run that was killed may have created records whose answer it never read.
 */
export interface CleanupArea {
  /** Name of the area in the progress line. */
  readonly label: string;
  /** Scenarios that create records of this area. */
  readonly scenarios: readonly ScenarioName[];
  /** Finds the records of the run and changes nothing. `found` holds the traces of the preceding areas. */
  scan(work: CleanupWork, found: readonly Trace[]): Promise<readonly Trace[]>;
  /** Undoes what can be undone. `found` is the complete last scan. After a kill, a second call continues the work. */
  clear(work: CleanupWork, found: readonly Trace[]): Promise<unknown>;
}

/** Trace is a record that bears the run's stamp, or belongs to a record that does. */
export interface Trace {
  readonly model: string;
  readonly id: number;
  /** The name under which a person finds the record in Odoo. */
  readonly name: string;
  /** The reason why the record cannot be undone; null if it can be undone, and therefore must be. */
  readonly irreversible: string | null;
}

/** startsWithStamp is the `=like` pattern for fields that start with a reference of the run. */
export function startsWithStamp({ stamp }: Pick<CleanupWork, "stamp">): string {
  return `${stamp}%`;
}

const namedShape = z.object({ id: z.number(), name: textOrFalse });

/** findTraces reads the records that match a domain as traces. `word` and the id replace the name of a record without a name. */
export async function findTraces(
  { session }: CleanupWork,
  search: { readonly model: string; readonly domain: readonly unknown[] },
  { word, irreversible }: { readonly word: string; readonly irreversible: string | null },
): Promise<readonly Trace[]> {
  const found = await searchRead(session, { ...search, fields: ["name"] }, namedShape);
  return found.map(({ id, name }) => ({ model: search.model, id, name: name === false ? `${word} ${id}` : name, irreversible }));
}

/** idsToUndo returns the ids of one model's traces that can be undone. */
export function idsToUndo(traces: readonly Trace[], model: string): readonly number[] {
  return traces.filter((trace) => trace.model === model && trace.irreversible === null).map(({ id }) => id);
}

/** idsKept returns the ids of one model's traces that cannot be undone. */
export function idsKept(traces: readonly Trace[], model: string): ReadonlySet<number> {
  return new Set(traces.filter((trace) => trace.model === model && trace.irreversible !== null).map(({ id }) => id));
}

type Action = "removed" | "cancelled" | "reversed";

/** Tally counts the actions of a cleanup by model, and holds the reason of each refusal of Odoo by record. */
export interface Tally {
  add(model: string, action: Action, count: number): void;
  refuse(model: string, ids: readonly number[], reason: string): void;
  refusalOf(model: string, id: number): string | null;
  models(): readonly CleanedModel[];
}

/** createTally returns an empty tally. */
export function createTally(): Tally {
  const counts = new Map<string, Record<Action, number>>();
  const refusals = new Map<string, string>();
  return {
    add(model, action, count) {
      if (count === 0) return;
      const before = counts.get(model) ?? { removed: 0, cancelled: 0, reversed: 0 };
      counts.set(model, { ...before, [action]: before[action] + count });
    },
    refuse(model, ids, reason) {
      for (const id of ids) refusals.set(`${model} ${id}`, reason);
    },
    refusalOf: (model, id) => refusals.get(`${model} ${id}`) ?? null,
    models: () => [...counts].map(([model, actions]) => ({ model, ...actions })),
  };
}
