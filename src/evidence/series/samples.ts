import { type Database, number, numbers, sqlText, text, textOrNull } from "../../bundle/files/database.ts";
import { type Arm, ARMS } from "../../domain/arm.ts";
import type { BlockValues } from "../../domain/judgement/evidence.ts";
import type { Source } from "../../domain/judgement/indicator.ts";
import { blockOf } from "../frame/tables.ts";

type Values = Extract<Source, { kind: "quantile" | "typical" }>;
type Count = Extract<Source, { kind: "count" }>;

/** SampleGroup is what one arm's samples of one metric, scenario and step say in one block. */
export interface SampleGroup {
  readonly side: Arm;
  readonly metric: string;
  readonly scenario: string | null;
  readonly step: string | null;
  readonly block: number;
  /** Of samples that ended well, in the order of time. */
  readonly values: readonly number[];
  readonly ok: number;
  readonly failed: number;
}

/** readSampleGroups reads the samples of the metrics block by block. */
export async function readSampleGroups(database: Database, metrics: readonly string[]): Promise<readonly SampleGroup[]> {
  if (metrics.length === 0) return [];
  // A failure is often fast: it must never improve a latency. Samples without an outcome (other metrics) are what they are.
  const well = `outcome is null or outcome = 'ok'`;
  const rows = await database.rows(
    `select side, metric, scenario, step, block::DOUBLE as block, count(*) filter (${well})::DOUBLE as ok,
      count(*) filter (not (${well}))::DOUBLE as failed, list(value order by at_ms, value) filter (${well}) as values
    from samples
    where block is not null and side is not null and metric in (${metrics.map((metric) => sqlText(metric)).join(", ")})
    group by all order by side, metric, scenario, step, block`,
    {
      side: text,
      metric: text,
      scenario: textOrNull,
      step: textOrNull,
      block: number,
      ok: number,
      failed: number,
      values: numbers,
    },
  );
  return rows.flatMap((row) => ARMS.filter((side) => side === row.side).map((side) => ({ ...row, side })));
}

/** sampleValues are the values of one arm, one entry a block. */
export function sampleValues(groups: readonly SampleGroup[], source: Values, side: Arm, blocks: number): BlockValues[] {
  const found = select(groups, { ...source, side });
  return byBlock(found, blocks).map((inBlock) => ({ kind: "values", values: inBlock.flatMap(({ values }) => values) }));
}

/** countedMetric is the metric whose samples are the tries of an event. */
export function countedMetric(event: Count["event"]): string {
  return event === "failed-step" ? "peakproof_step" : "peakproof_transaction";
}

/** countValues are failures and tries of one arm, one entry a block. */
export function countValues(groups: readonly SampleGroup[], source: Count, side: Arm, blocks: number): BlockValues[] {
  const found = select(groups, { ...source, metric: countedMetric(source.event), side });
  return byBlock(found, blocks).map((inBlock) => ({
    kind: "count",
    events: sum(inBlock.map(({ failed }) => failed)),
    exposure: sum(inBlock.map(({ ok, failed }) => ok + failed)),
  }));
}

interface Selection {
  readonly metric: string;
  readonly scenario: string | null;
  readonly step: string | null;
  readonly side: Arm;
}

function select(groups: readonly SampleGroup[], want: Selection): SampleGroup[] {
  return groups.filter(
    (group) =>
      group.side === want.side &&
      group.metric === want.metric &&
      (want.scenario === null || group.scenario === want.scenario) &&
      (want.step === null || group.step === want.step),
  );
}

function byBlock(groups: readonly SampleGroup[], blocks: number): SampleGroup[][] {
  return Array.from({ length: blocks }, (_, block) => groups.filter((group) => group.block === block));
}

function sum(items: readonly number[]): number {
  return items.reduce((total, item) => total + item, 0);
}

/** RetryGroup is how many transactions of one arm Odoo ran again in one block; zero where its log was read and told of none. */
export interface RetryGroup {
  readonly side: string;
  readonly block: number;
  readonly retries: number;
}

/** readRetryGroups counts the retries block by block, for arms whose log was read. Needs the table `retries`. */
export async function readRetryGroups(database: Database): Promise<readonly RetryGroup[]> {
  return database.rows(
    `with placed as (
      select r.side, ${blockOf("r.at_ms")} as block, r.times from retries r asof left join blocks b on r.run = b.run and r.at_ms >= b.from_ms
      union all
      select distinct l.side, b.block, 0.0 from readings l join blocks b using (run)
      where l.probe = 'odoo' and l.name = 'serialization_retries' and l.side is not null)
    select side, block::DOUBLE as block, sum(times) as retries from placed where block is not null group by all order by all`,
    { side: text, block: number, retries: number },
  );
}

/**
 * retryValues are the retries of one arm and the transactions that they are a share of, one entry a block. A transaction that was
 * retried many times may bring more retries than there were transactions; all of them is the most that a share can be.
 */
export function retryValues(groups: readonly RetryGroup[], transactions: readonly BlockValues[], side: Arm): BlockValues[] {
  return transactions.map((entry, block) => {
    const found = groups.find((group) => group.side === side && group.block === block);
    if (found === undefined || entry.kind !== "count") return { kind: "count", events: 0, exposure: 0 };
    return { kind: "count", events: Math.min(found.retries, entry.exposure), exposure: entry.exposure };
  });
}
