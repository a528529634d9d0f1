import type { BlockValues, Evidence, Series } from "../../src/domain/judgement/evidence.ts";
import type { Indicator } from "../../src/domain/judgement/indicator.ts";
import { indicatorsFor } from "../../src/evaluator/catalogue/catalogue.ts";
import type { Random } from "../../src/statistics/random.ts";
import type { Cell } from "./cell.ts";
import { applyEffect, type Draw, type Effect } from "./effect.ts";
import { drawRuns, typicalMs } from "./noise.ts";

/** Campaign holds the same points in the shape that each contestant wants. */
export interface Campaign {
  readonly baseline: readonly number[];
  readonly candidate: readonly number[];
  /** Errors in each block, of a plan of one request a point. */
  readonly errors: { readonly baseline: readonly number[]; readonly candidate: readonly number[] };
  readonly evidence: Evidence;
}

/** Draft is a campaign before it is cut into blocks, so that worse and worse candidates can be made of the same luck. */
export interface Draft {
  readonly cell: Cell;
  /** Transactions planned per arm up to the first look: what may gate follows this plan. */
  readonly planned: number;
  readonly seed: number;
  readonly runs: readonly DraftRun[];
}

interface DraftRun {
  readonly baseline: Draw;
  readonly candidate: Draw;
  readonly failed: { readonly baseline: readonly boolean[]; readonly candidate: readonly boolean[] };
  readonly busy: readonly boolean[];
}

const pointMs = 1000;
/** Share of requests that fails in the baseline. */
const usualErrors = 0.005;
/** One busy process is half of two cores and 10 % of foreign CPU are allowed, so a fifth of a block is enough to leave it out. */
const busyShare = 0.2;

export function draftCampaign(cell: Cell, options: { effect: Effect; random: Random; seed: number }): Draft {
  const { effect, random, seed } = options;
  const runs = drawRuns(cell, random).map((run, number): DraftRun => {
    const place = (index: number) => (number + index / cell.points) / cell.pairs;
    const arm = (values: readonly number[], candidate: boolean) =>
      applyEffect(effect, values, { candidate, middle: typicalMs, random, place });
    const fail = (share: number) => (effect.kind === "errors" ? run.baseline.map(() => random() < share) : []);
    return {
      baseline: arm(run.baseline, false),
      candidate: arm(run.candidate, true),
      failed: { baseline: fail(usualErrors), candidate: fail(effect.kind === "errors" ? effect.share : 0) },
      busy: run.busy,
    };
  });
  return { cell, planned: cell.points * cell.pairs, seed, runs };
}

/** campaignOf cuts a draft into blocks, the candidate's latencies multiplied by `factor`. */
export function campaignOf({ cell, planned, seed, runs }: Draft, factor = 1): Campaign {
  const slower = runs.map((run) => ({
    ...run,
    candidate: run.candidate.map((value) => (value === null ? null : value * factor)),
  }));
  const ended = (values: Draw) => values.filter((value) => value !== null);
  const evidence = evidenceOf(cell, slower, { planned, seed });
  const errors = (arm: "baseline" | "candidate") => slower.flatMap(({ failed }) => tenSeconds(failed[arm]));
  return {
    baseline: slower.flatMap(({ baseline }) => ended(baseline)),
    candidate: slower.flatMap(({ candidate }) => ended(candidate)),
    errors: { baseline: errors("baseline"), candidate: errors("candidate") },
    evidence,
  };
}

/** drawCampaign draws one campaign at once. */
export function drawCampaign(cell: Cell, options: { effect: Effect; random: Random; seed: number }): Campaign {
  return campaignOf(draftCampaign(cell, options));
}

function evidenceOf(cell: Cell, runs: readonly DraftRun[], { planned, seed }: { planned: number; seed: number }): Evidence {
  const pairIsBlock = cell.schedule === "sequential" && cell.pairs > 1;
  const blocks = pairIsBlock ? runs : runs.flatMap((run) => cut(run, blocksIn(cell)));
  const seen = (busy: readonly boolean[]) =>
    cell.neighbour === "seen" && busy.filter((each) => each).length > busyShare * busy.length ? "foreign CPU" : null;
  const blockMs = ((cell.points * cell.pairs) / blocks.length) * pointMs;
  return {
    runIds: cell.schedule === "duet" ? ["r"] : Array.from({ length: 2 * cell.pairs }, (_, index) => `r${index}`),
    schedule: cell.schedule === "duet" ? { kind: "duet" } : { kind: "sequential", arm: "baseline" },
    releases: { baseline: { label: "a", identity: {} }, candidate: { label: "b", identity: {} } },
    startedAt: "2026-01-01T00:00:00.000Z",
    loadMs: cell.points * cell.pairs * pointMs,
    blocks: blocks.map(({ busy }, index) => ({
      index,
      startMs: index * blockMs,
      endMs: (index + 1) * blockMs,
      disturbance: seen(busy),
      isCold: false,
    })),
    series: indicatorsOf(planned)
      .map((indicator): Series => seriesOf(indicator, blocks))
      .filter(({ blocks: { baseline } }) => hasData(baseline)),
    volumes: [],
    statements: [],
    transactions: (["baseline", "candidate"] as const).map((arm) => {
      const ended = runs.flatMap((run) => run[arm].filter((value) => value !== null));
      return {
        arm,
        service: "order-import",
        count: ended.length,
        tookMs: ended.reduce((total, value) => total + value, 0),
      };
    }),
    invariants: [],
    validity: [],
    timeline: { durationMs: 0, series: [], events: [], excluded: [] },
    inputs: [],
    seed,
  };
}

/** Latencies without the absolute parts of their margins, because the bench speaks of per cents; failed share and throughput. */
function indicatorsOf(planned: number): Indicator[] {
  const plannedPerArm = { "order-import": planned };
  return indicatorsFor({ scenarios: ["order-import"], steps: [], readings: [], imported: false, plannedPerArm })
    .filter(({ id }) => /latency-(typical|p50|p95)|failed-transactions|completed-per-minute/.test(id))
    .map((indicator) =>
      indicator.kind === "latency" ? { ...indicator, margin: { ...indicator.margin, absolute: 0 } } : indicator,
    );
}

function seriesOf(indicator: Indicator, blocks: readonly DraftRun[]): Series {
  const of = (arm: "baseline" | "candidate") =>
    blocks.map((block): BlockValues => {
      const values = block[arm].filter((value) => value !== null);
      if (indicator.kind === "latency") return { kind: "values", values };
      if (indicator.kind === "throughput")
        return { kind: "ratio", numerator: values.length, denominator: block[arm].length / 60 };
      return { kind: "count", events: block.failed[arm].filter((each) => each).length, exposure: block.failed[arm].length };
    });
  return { indicator, blocks: { baseline: of("baseline"), candidate: of("candidate") } };
}

/** A campaign that has nothing to do with errors has no gate for them either. */
function hasData(blocks: readonly BlockValues[]): boolean {
  return blocks.some((block) => block.kind !== "count" || block.exposure > 0);
}

/** Blocks of about ten seconds, and at least six in all. */
function blocksIn({ points, pairs }: Cell): number {
  return Math.max(Math.round(points / 10), Math.ceil(6 / pairs));
}

function cut(run: DraftRun, count: number): DraftRun[] {
  const part = <T>(values: readonly T[], index: number) =>
    values.slice(Math.round((index * values.length) / count), Math.round(((index + 1) * values.length) / count));
  return Array.from({ length: count }, (_, index) => ({
    baseline: part(run.baseline, index),
    candidate: part(run.candidate, index),
    failed: { baseline: part(run.failed.baseline, index), candidate: part(run.failed.candidate, index) },
    busy: part(run.busy, index),
  }));
}

function tenSeconds(failed: readonly boolean[]): number[] {
  return Array.from(
    { length: Math.floor(failed.length / 10) },
    (_, index) => failed.slice(10 * index, 10 * (index + 1)).filter((each) => each).length,
  );
}
