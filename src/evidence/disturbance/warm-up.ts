import { arm, type Database, number } from "../../bundle/duckdb/database.ts";
import { sql } from "../../bundle/duckdb/sql.ts";
import { type Arm, ARMS, type PerArm } from "../../domain/arm.ts";
import type { ValidityFact } from "../../domain/judgement/evidence.ts";
import type { EvidenceTables } from "../frame/tables.ts";
import type { BlockSpan } from "../frame/time-axis.ts";
import type { Disturbance } from "./disturbances.ts";

/** WarmUp is the result of examining the latencies at the beginning of the load: blocks that may not be used, and facts. */
export interface WarmUp {
  readonly disturbances: readonly Disturbance[];
  readonly facts: readonly ValidityFact[];
}

/**
 * findWarmUpEnd finds the end of each run's warm-up from the latencies of whole transactions.
 *
 * Each transaction counts with its distance from the median of its scenario and arm, so that neither the mix of scenarios nor a
 * slower candidate looks like a warm-up.
 */
export async function findWarmUpEnd(
  database: Database,
  tables: Pick<EvidenceTables, "transactions">,
  blocks: readonly BlockSpan[],
): Promise<WarmUp> {
  const levels = await readLevels(database, tables);
  const disturbances: Disturbance[] = [];
  const facts: ValidityFact[] = [];
  for (const places of stretchesOf(blocks)) {
    const found = warmUpOf(armLevels(levels, places));
    if (found.kind === "warming") {
      const why = `still warming up: latencies were ${percent(found.excess)} above the later latencies`;
      disturbances.push(...places.slice(0, found.blocks).map((block) => ({ block, code: "warming-up" as const, text: why })));
    } else if (found.kind === "one-arm") facts.push(slowStart(found.arm, found.excess));
    else if (found.kind === "never-steady") facts.push(neverSteady(found.change));
  }
  return { disturbances, facts: [...new Map(facts.map((fact) => [fact.text, fact])).values()] };
}

interface PlacedLevel extends BlockLevel {
  readonly block: number;
  readonly arm: Arm;
}

async function readLevels(
  database: Database,
  { transactions }: Pick<EvidenceTables, "transactions">,
): Promise<readonly PlacedLevel[]> {
  return database.rows(
    sql`with good as (
      select block, arm, ln(value) - median(ln(value)) over (partition by run, scenario, arm) as distance
      from ${transactions} where outcome = 'ok' and value > 0 and block is not null)
    select block, arm, round(avg(distance), 9) as level, count(*) as count
    from good group by block, arm order by block, arm`,
    { block: number, arm, level: number, count: number },
  );
}

/** Blocks of the same runs follow each other. Each stretch of them warmed up separately. */
function stretchesOf(blocks: readonly BlockSpan[]): number[][] {
  const stretches = new Map<string, number[]>();
  for (const [index, { runs }] of blocks.entries()) {
    const key = runs.join();
    stretches.set(key, [...(stretches.get(key) ?? []), index]);
  }
  return [...stretches.values()];
}

function armLevels(levels: readonly PlacedLevel[], places: readonly number[]): ArmLevels {
  const of = (each: Arm) =>
    places.map((place) => levels.find((one) => one.block === place && one.arm === each) ?? { level: 0, count: 0 });
  return { baseline: of("baseline"), candidate: of("candidate") };
}

function slowStart(slow: Arm, excess: number): ValidityFact {
  return {
    code: "slow-start",
    severity: "info",
    text: `the ${slow} alone was slow at first: its latencies were ${percent(excess)} above its later latencies; no block was left out`,
    remedy: "If caches fill at first, a longer `warmup` in the workload shows the usual speed of the release.",
  };
}

function neverSteady(change: number): ValidityFact {
  const how = change > 0 ? "rose" : "fell";
  return {
    code: "never-steady",
    severity: "unsteady",
    text: `latencies of both arms ${how} by ${percent(Math.abs(change))} from the first to the last block and did not become steady`,
    remedy:
      change > 0
        ? "The load exceeds the capacity of the machine: lower the rates in the workload, or use a larger machine."
        : "Give the workload a longer `warmup`.",
  };
}

/** Logarithm of a ratio as a per cent of change. */
function percent(log: number): string {
  return `${(100 * Math.expm1(log)).toFixed(0)} %`;
}

/** BlockLevel is the mean of ln(latency) in a block relative to the median, and the number of transactions in it. */
interface BlockLevel {
  readonly level: number;
  readonly count: number;
}

/** ArmLevels are the blocks of one stretch of load in the order of time. */
export type ArmLevels = PerArm<readonly BlockLevel[]>;

/** WarmUpFinding is the result for one stretch; `excess` and `change` are logarithms of ratios. */
export type WarmUpFinding =
  | { readonly kind: "warm" }
  | { readonly kind: "warming"; readonly blocks: number; readonly excess: number }
  | { readonly kind: "one-arm"; readonly arm: Arm; readonly excess: number }
  | { readonly kind: "never-steady"; readonly change: number };

/** With fewer blocks neither a level nor its noise can be estimated. */
const fewestBlocks = 6;

/** An excess below a tenth is too small to discard evidence. An excess within three standard errors may be chance. */
const leastExcess = Math.log(1.1);
const leastErrors = 3;

/**
 * A straight line explains at most 3/4 of the variance of a step somewhere in the load (another load that started), so a larger
 * share is a trend.
 */
const leastTrendShare = 0.8;
const leastTrend = Math.log(1.25);

/**
 * warmUpOf finds the end of the warm-up by the marginal standard error rule: cut where the standard error of the mean of the
 * remaining blocks is smallest, at most the first half (White 1997; White, Cobb and Spratt 2000 for MSER-5; the batch is the
 * block here).
 *
 * The rule always cuts somewhere, so a cut counts only where the beginning was clearly slower, from its first block on, and in
 * both arms: the slow part of a candidate that is slow at first is not removed. A trend that continues to the end cannot be
 * removed by a cut.
 */
export function warmUpOf(arms: ArmLevels): WarmUpFinding {
  const both = arms.baseline.map((baseline, index) => merge(baseline, arms.candidate[index]));
  if (both.length < fewestBlocks || both.some(({ count }) => count === 0)) return { kind: "warm" };
  const trend = trendOf(both);
  // An arm that slows down alone is a finding about that release, not about the machine.
  if (Math.abs(trend) > leastTrend && ARMS.every((each) => trendOf(arms[each]) * trend > 0)) {
    return { kind: "never-steady", change: trend };
  }
  const blocks = truncation(both);
  const excess = excessOf(both, blocks);
  if (excess > 0) {
    const own = { baseline: meanExcess(arms.baseline, blocks), candidate: meanExcess(arms.candidate, blocks) };
    const [less, more] = own.baseline < own.candidate ? [own.baseline, own.candidate] : [own.candidate, own.baseline];
    if (less > more / 2) return { kind: "warming", blocks, excess };
  }
  return slowerStart(arms);
}

function merge(left: BlockLevel, right: BlockLevel = { level: 0, count: 0 }): BlockLevel {
  const count = left.count + right.count;
  return { count, level: count > 0 ? (left.level * left.count + right.level * right.count) / count : 0 };
}

function slowerStart(arms: ArmLevels): WarmUpFinding {
  const starts = ARMS.map((each) => ({ arm: each, excess: excessOf(arms[each], truncation(arms[each])) }));
  const [slower] = starts.sort((a, b) => b.excess - a.excess);
  return slower !== undefined && slower.excess > 0 ? { kind: "one-arm", ...slower } : { kind: "warm" };
}

/**
 * truncation is the number of blocks that the marginal standard error rule cuts off, less the blocks at the end of the cut that
 * were not slower than the rest: of a dozen blocks the rule cuts some whose spread is larger by chance.
 */
function truncation(levels: readonly BlockLevel[]): number {
  let best = { cut: 0, error: Number.POSITIVE_INFINITY };
  for (let cut = 0; cut <= levels.length / 2; cut += 1) {
    const rest = levels.slice(cut).map(({ level }) => level);
    const error = squares(rest) / rest.length ** 2;
    if (error < best.error) best = { cut, error };
  }
  const limit = mean(levels.slice(best.cut).map(({ level }) => level)) + leastExcess / 2;
  let { cut } = best;
  while (cut > 0 && (levels[cut - 1]?.level ?? 0) < limit) cut -= 1;
  return cut;
}

/**
 * excessOf is the excess of the first blocks over the rest; zero where it may be chance, or where the first block is not slower.
 */
function excessOf(levels: readonly BlockLevel[], blocks: number): number {
  if (blocks === 0) return 0;
  const rest = levels.slice(blocks).map(({ level }) => level);
  const variance = (squares(rest) / (rest.length - 1)) * inflation(rest);
  const error = Math.sqrt(variance * (1 / blocks + 1 / rest.length));
  const excess = meanExcess(levels, blocks);
  const first = (levels[0]?.level ?? 0) - mean(rest);
  return excess > factor(rest.length - 1) * error && excess > leastExcess && first > leastExcess ? excess : 0;
}

/**
 * The quantile of Student's t with the tail probability of `leastErrors` standard errors (expansion in 1/df, Abramowitz and
 * Stegun 26.7.5).
 */
function factor(df: number): number {
  const z = leastErrors;
  return z + (z ** 3 + z) / (4 * df) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * df ** 2);
}

function meanExcess(levels: readonly BlockLevel[], blocks: number): number {
  const of = (part: readonly BlockLevel[]) => mean(part.map(({ level }) => level));
  return of(levels.slice(0, blocks)) - of(levels.slice(blocks));
}

/** The variance inflation (1 + r) / (1 - r) by the autocorrelation r of blocks, with the bias of r in short series removed. */
function inflation(values: readonly number[]): number {
  const middle = mean(values);
  const products = values.slice(1).reduce((total, value, index) => total + (value - middle) * ((values[index] ?? 0) - middle), 0);
  const total = squares(values);
  const raw = total > 0 ? products / total : 0;
  const r = Math.min(0.9, Math.max(0, raw + (1 + 3 * Math.max(0, raw)) / values.length));
  return (1 + r) / (1 - r);
}

/** trendOf is the change along a straight line through the blocks; zero where the line fits badly or the blocks became steady. */
function trendOf(levels: readonly BlockLevel[]): number {
  const values = levels.map(({ level }) => level);
  const whole = line(values);
  const half = line(values.slice(Math.floor(values.length / 2)));
  const goesOn = half.change * whole.change > 0 && Math.abs(half.change) > leastExcess;
  return goesOn && whole.share > leastTrendShare ? whole.change : 0;
}

/** line fits a straight line: its change from the first to the last point, and the share of the variance that it explains. */
function line(values: readonly number[]): { change: number; share: number } {
  const middle = (values.length - 1) / 2;
  const spread = values.reduce((total, _, index) => total + (index - middle) ** 2, 0);
  const slope = values.reduce((total, value, index) => total + (index - middle) * value, 0) / spread;
  const total = squares(values);
  return { change: slope * (values.length - 1), share: total > 0 ? (slope ** 2 * spread) / total : 0 };
}

function squares(values: readonly number[]): number {
  const middle = mean(values);
  return values.reduce((total, value) => total + (value - middle) ** 2, 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
