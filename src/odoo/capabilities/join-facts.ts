import type { WantedFacts } from "./server-facts.ts";

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
