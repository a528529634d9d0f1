import type { CleanedModel } from "../../domain/load/ledger.ts";

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
