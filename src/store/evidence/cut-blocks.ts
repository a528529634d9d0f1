import type { Schedule } from "../../domain/run.ts";
import type { Arrangement, Stretch } from "./arranged-runs.ts";

/** Span is a piece of the time axis, `toMs` not included. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** BlockSpan is a block on the time axis and the runs that it is part of: another run's stragglers may lie at the same place. */
export interface BlockSpan extends Span {
  readonly runs: readonly number[];
}

/**
 * cutBlocks cuts the measured load into blocks in which both arms lived under the same noise: slices of about `blockMs` of
 * wall-clock time; in slots the group of four (A B B A) that holds two slots of each arm; or whole pairs of runs.
 */
export function cutBlocks(arrangement: Arrangement, schedule: Schedule, blockMs: number): BlockSpan[] {
  return arrangement.stretches.flatMap((stretch) => {
    if (stretch.toMs <= stretch.fromMs) return [];
    const runs = stretch.runs.map(({ index }) => index);
    return spansOf(stretch, { pairIsBlock: arrangement.pairIsBlock, schedule, blockMs }).map((span) => ({ ...span, runs }));
  });
}

function spansOf(stretch: Stretch, how: { pairIsBlock: boolean; schedule: Schedule; blockMs: number }): Span[] {
  if (how.pairIsBlock) return [{ fromMs: stretch.fromMs, toMs: stretch.toMs }];
  return how.schedule.kind === "slots" ? slotGroups(stretch, how.schedule.slotMs) : slices(stretch, how.blockMs);
}

/** Slices of equal length, so that no last piece is too short to mean anything. */
function slices({ fromMs, toMs }: Stretch, blockMs: number): Span[] {
  const count = Math.max(1, Math.round((toMs - fromMs) / blockMs));
  const edge = (index: number) => fromMs + ((toMs - fromMs) * index) / count;
  return Array.from({ length: count }, (_, index) => ({ fromMs: edge(index), toMs: edge(index + 1) }));
}

function slotGroups(stretch: Stretch, slotMs: number): Span[] {
  const groupMs = 4 * slotMs;
  const startMs = stretch.runs[0]?.offsetMs ?? 0;
  const first = Math.ceil((stretch.fromMs - startMs) / groupMs);
  const last = Math.floor((stretch.toMs - startMs) / groupMs);
  return Array.from({ length: Math.max(0, last - first) }, (_, index) => ({
    fromMs: startMs + (first + index) * groupMs,
    toMs: startMs + (first + index + 1) * groupMs,
  }));
}
