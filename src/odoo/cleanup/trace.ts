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
