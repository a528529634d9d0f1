import type { ComparedRun } from "../../bundle/run/compared-runs.ts";
import { pairsAreBlocks } from "../../domain/judgement/evidence.ts";
import type { RunManifest, Schedule } from "../../domain/load/run.ts";

/**
 * ArrangedRun is a run with its place on the time axis of the evidence: 0 is the start of the first load. Runs that are compared
 * with each other start at the same place; other runs follow each other.
 */
export interface ArrangedRun extends ComparedRun {
  readonly loadStartMs: number;
  readonly offsetMs: number;
  /** Measured load on the axis, without the warm-up. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** Stretch is a part of the axis that is cut into blocks: a run with two arms, or a pair of runs. */
export interface Stretch extends Span {
  readonly runs: readonly ArrangedRun[];
}

export interface Arrangement {
  readonly runs: readonly ArrangedRun[];
  readonly stretches: readonly Stretch[];
  /** Every pair of runs is one block. */
  readonly pairIsBlock: boolean;
  /** Runs without a run of the other arm to compare with. */
  readonly unpaired: readonly ComparedRun[];
}

/** SampleSpan is the time of a run's first and last sample, for runs whose manifest was not finished. */
export interface SampleSpan {
  readonly firstMs: number | null;
  readonly lastMs: number | null;
}

/** arrangeRuns places the runs on one time axis. */
export function arrangeRuns(runs: readonly ComparedRun[], spans: readonly SampleSpan[]): Arrangement {
  const together = runs.filter(({ arm }) => arm === null);
  const baseline = runs.filter(({ arm }) => arm === "baseline");
  const candidate = runs.filter(({ arm }) => arm === "candidate");
  const pairs = baseline
    .slice(0, candidate.length)
    .map((run, index) => [run, candidate[index]].filter((one) => one !== undefined));
  const groups = together.length > 0 ? together.map((run) => [run]) : pairs;
  const stretches: Stretch[] = [];
  let offsetMs = 0;
  for (const group of groups) {
    const placed = group.map((run) => place(run, spans[run.index], offsetMs));
    const fromMs = Math.max(...placed.map((run) => run.fromMs));
    stretches.push({ runs: placed, fromMs, toMs: Math.max(fromMs, Math.min(...placed.map((run) => run.toMs))) });
    offsetMs = Math.max(offsetMs, ...placed.map((run) => run.toMs));
  }
  const used = new Set(groups.flat().map(({ index }) => index));
  return {
    runs: stretches.flatMap((stretch) => stretch.runs),
    stretches,
    pairIsBlock: together.length === 0 && pairsAreBlocks(pairs.length),
    unpaired: runs.filter(({ index }) => !used.has(index)),
  };
}

function place(run: ComparedRun, span: SampleSpan | undefined, offsetMs: number): ArrangedRun {
  const { loadStartMs, loadEndMs } = loadSpan(run.manifest, span);
  const fromMs = offsetMs + run.manifest.warmupMs;
  return { ...run, loadStartMs, offsetMs, fromMs, toMs: Math.max(fromMs, offsetMs + loadEndMs - loadStartMs) };
}

/** The manifest of a killed harness lacks the end of the load, so the samples are used. */
function loadSpan(manifest: RunManifest, span: SampleSpan | undefined): { loadStartMs: number; loadEndMs: number } {
  const { loadStartMs, loadEndMs } = manifest;
  if (loadEndMs > loadStartMs) return { loadStartMs, loadEndMs };
  return { loadStartMs: span?.firstMs ?? loadStartMs, loadEndMs: span?.lastMs ?? loadEndMs };
}

/** Span is a part of the time axis; `toMs` is exclusive. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * BlockSpan is a block on the time axis and the runs to which it belongs. Late samples of another run may lie at the same time.
 */
export interface BlockSpan extends Span {
  readonly runs: readonly number[];
}

/**
 * cutBlocks cuts the measured load into blocks in which both arms had the same noise: slices of about `blockMs` of wall-clock
 * time; in slots the group of four (A B B A) that holds two slots of each arm; or whole pairs of runs.
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

/** Slices have equal lengths, so that no last slice is too short. */
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
