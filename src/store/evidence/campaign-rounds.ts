import type { ComparedRun } from "./compared-runs.ts";

/**
 * looksOf counts how many times the judge had looked at a campaign when these runs were its newest; null where they are of no
 * adaptive campaign. Leaving rounds out does not give their share of alpha back.
 */
export function looksOf(runs: readonly ComparedRun[]): number | null {
  const looks = runs.flatMap(({ manifest: { round } }) => (round === undefined ? [] : [round.number - round.firstLook + 1]));
  return looks.length === 0 ? null : Math.max(1, ...looks);
}

/**
 * runsOfFirstLook are the runs that the first look saw: all of them where there were no rounds. What may gate follows their plan,
 * so that the gates are the same at every look.
 */
export function runsOfFirstLook(runs: readonly ComparedRun[]): readonly ComparedRun[] {
  const first = runs.filter(({ manifest: { round } }) => round === undefined || round.number <= round.firstLook);
  return first.length === 0 ? runs.slice(0, 1) : first;
}
