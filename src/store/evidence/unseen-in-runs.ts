import { TARGET_PARTS, type UnseenPart } from "../../domain/target-part.ts";
import type { ComparedRun } from "./compared-runs.ts";

/**
 * unseenInRuns joins what the runs did not look at; null where some do not say. A part counts as declared only where every run
 * declared it: one run that looked, or should have, keeps the gates that rest on the part.
 */
export function unseenInRuns(runs: readonly Pick<ComparedRun, "manifest">[]): readonly UnseenPart[] | null {
  const lists = runs.flatMap(({ manifest }) => (manifest.unseen === undefined ? [] : [manifest.unseen]));
  if (lists.length < runs.length) return null;
  return TARGET_PARTS.flatMap((part) => {
    const found = lists.flatMap((list) => list.find((unseen) => unseen.part === part) ?? []);
    if (found.length === 0) return [];
    return [{ part, declared: found.length === lists.length && found.every(({ declared }) => declared) }];
  });
}
