import type { Timeline } from "../domain/judgement/timeline.ts";

/** placeInTime gives a moment in per cent of the time axis, which is the same for every picture of a page. */
export function placeInTime(atMs: number, timeline: Timeline): number {
  return Number(Math.min(100, Math.max(0, (atMs / Math.max(1, timeline.durationMs)) * 100)).toFixed(2));
}
