import type { BlockValues, Evidence, Series } from "../../src/domain/evidence.ts";
import { indicatorsFor } from "../../src/evaluator/catalogue.ts";
import { standardNormal, type Random } from "../../src/statistics/random.ts";

/** Cell is one combination of noise and design; the bench judges equal and worse releases in each. */
export interface Cell {
  readonly schedule: "duet" | "sequential";
  /** Pairs of runs; a duet of k pairs is one run of k times the length. */
  readonly pairs: number;
  /** Points of each run and arm, one a second. */
  readonly points: number;
  /** Lag-one autocorrelation between points of one arm. */
  readonly rho: number;
  /** Standard deviation of ln(value) from run to run, and of the host's slow drift that runs of one duet share. */
  readonly runSd: number;
  readonly driftSd: number;
}

/** Campaign holds the same points in the shape that each contestant wants. */
export interface Campaign {
  readonly baseline: readonly number[];
  readonly candidate: readonly number[];
  readonly evidence: Evidence;
}

/** Spread of one point: coefficient of variation .15, log-normal, around 200 ms. */
const pointSd = 0.15;
const typicalMs = 200;
const pointMs = 1000;

/**
 * drawCampaign draws one campaign of a cell with candidate latencies multiplied by `factor`.
 *
 * In a duet both arms live through the same run, so run and drift effects hit both; in sequence each run draws its own.
 */
export function drawCampaign(cell: Cell, options: { factor: number; random: Random; seed: number }): Campaign {
  const { random, factor } = options;
  const host = () => cell.runSd * standardNormal(random) + cell.driftSd * standardNormal(random);
  const runs = Array.from({ length: cell.pairs }, () => {
    const shared = host();
    const other = cell.schedule === "duet" ? shared : host();
    return {
      baseline: arm(cell, shared, random),
      candidate: arm(cell, other, random).map((value) => value * factor),
    };
  });
  return {
    baseline: runs.flatMap(({ baseline }) => baseline),
    candidate: runs.flatMap(({ candidate }) => candidate),
    evidence: evidenceOf(cell, runs, options.seed),
  };
}

function arm(cell: Cell, host: number, random: Random): number[] {
  let state = standardNormal(random);
  return Array.from({ length: cell.points }, (_, index) => {
    if (index > 0) state = cell.rho * state + Math.sqrt(1 - cell.rho ** 2) * standardNormal(random);
    return typicalMs * Math.exp(host + pointSd * state);
  });
}

interface Run {
  readonly baseline: readonly number[];
  readonly candidate: readonly number[];
}

function evidenceOf(cell: Cell, runs: readonly Run[], seed: number): Evidence {
  const pairIsBlock = cell.schedule === "sequential" && cell.pairs > 1;
  const blocks = pairIsBlock ? runs : runs.flatMap((run) => cut(run, blocksIn(cell)));
  const indicators = indicatorsFor({ scenarios: ["order-import"], steps: [], readings: [], imported: false })
    .filter(({ id }) => id.endsWith("latency-p50") || id.endsWith("latency-p95"))
    // The margins of the catalogue without their absolute parts: the bench speaks of per cents.
    .map((indicator) => ({ ...indicator, margin: { ...indicator.margin, absolute: 0 } }));
  const values = (of: (run: Run) => readonly number[]) => blocks.map((run): BlockValues => ({ kind: "values", values: of(run) }));
  const series = indicators.map((indicator): Series => ({
    indicator,
    blocks: { baseline: values(({ baseline }) => baseline), candidate: values(({ candidate }) => candidate) },
  }));
  const blockMs = ((cell.points * cell.pairs) / blocks.length) * pointMs;
  return {
    runIds: cell.schedule === "duet" ? ["r"] : Array.from({ length: 2 * cell.pairs }, (_, index) => `r${index}`),
    schedule: cell.schedule === "duet" ? { kind: "duet" } : { kind: "sequential", arm: "baseline" },
    releases: { baseline: { label: "a", identity: {} }, candidate: { label: "b", identity: {} } },
    startedAt: "2026-01-01T00:00:00.000Z",
    loadMs: cell.points * cell.pairs * pointMs,
    blocks: blocks.map((_, index) => ({ index, startMs: index * blockMs, endMs: (index + 1) * blockMs, disturbance: null })),
    series,
    volumes: [],
    statements: [],
    transactions: [],
    invariants: [],
    validity: [],
    timeline: { durationMs: 0, series: [], events: [], excluded: [] },
    inputs: [],
    seed,
  };
}

/** Blocks of about ten seconds, and at least six in all. */
function blocksIn({ points, pairs }: Cell): number {
  return Math.max(Math.round(points / 10), Math.ceil(6 / pairs));
}

function cut(run: Run, count: number): Run[] {
  const part = (values: readonly number[], index: number) =>
    values.slice(Math.round((index * values.length) / count), Math.round(((index + 1) * values.length) / count));
  return Array.from({ length: count }, (_, index) => ({
    baseline: part(run.baseline, index),
    candidate: part(run.candidate, index),
  }));
}
