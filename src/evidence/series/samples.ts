import { arm, type Database, number, numbers, orNull, text } from "../../bundle/duckdb/database.ts";
import { sql } from "../../bundle/duckdb/sql.ts";
import type { Arm } from "../../domain/arm.ts";
import type { BlockValues } from "../../domain/judgement/evidence.ts";
import type { Source } from "../../domain/judgement/indicator.ts";
import { blockOf, type EvidenceTables } from "../frame/tables.ts";
import type { RequestTables } from "./request-tables.ts";

type Values = Extract<Source, { kind: "quantile" | "typical" }>;
type Count = Extract<Source, { kind: "count" }>;

/** SampleGroup is one arm's samples of one metric, scenario and step in one block. */
export interface SampleGroup {
  readonly arm: Arm;
  readonly metric: string;
  readonly scenario: string | null;
  readonly step: string | null;
  readonly block: number;
  /** Of successful samples, in the order of time. */
  readonly values: readonly number[];
  readonly ok: number;
  readonly failed: number;
}

/** readSampleGroups reads the samples of the metrics by block. */
export async function readSampleGroups(
  database: Database,
  { samples }: Pick<EvidenceTables, "samples">,
  metrics: readonly string[],
): Promise<readonly SampleGroup[]> {
  if (metrics.length === 0) return [];
  // Failures are often fast and must not improve a latency. Samples without an outcome (other metrics) all count.
  const well = sql`outcome is null or outcome = 'ok'`;
  return database.rows(
    sql`select arm, metric, scenario, step, block, count(*) filter (${well}) as ok,
      count(*) filter (not (${well})) as failed, list(value order by at_ms, value) filter (${well}) as values
    from ${samples}
    where block is not null and arm is not null and metric in ${metrics}
    group by all order by arm, metric, scenario, step, block`,
    {
      arm,
      metric: text,
      scenario: orNull(text),
      step: orNull(text),
      block: number,
      ok: number,
      failed: number,
      values: numbers,
    },
  );
}

/** sampleValues are the values of one arm, one entry a block. */
export function sampleValues(
  groups: readonly SampleGroup[],
  { source, arm: of }: { source: Values; arm: Arm },
  blocks: number,
): BlockValues[] {
  const found = select(groups, { ...source, arm: of });
  return byBlock(found, blocks).map((inBlock) => ({ kind: "values", values: inBlock.flatMap(({ values }) => values) }));
}

/** countedMetric is the metric whose samples are the attempts of an event. */
export function countedMetric(event: Count["event"]): string {
  return event === "failed-step" ? "peakproof_step" : "peakproof_transaction";
}

/** countValues are failures and attempts of one arm, one entry a block. */
export function countValues(
  groups: readonly SampleGroup[],
  { source, arm: of }: { source: Count; arm: Arm },
  blocks: number,
): BlockValues[] {
  const found = select(groups, { ...source, metric: countedMetric(source.event), arm: of });
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
  readonly arm: Arm;
}

function select(groups: readonly SampleGroup[], want: Selection): SampleGroup[] {
  return groups.filter(
    (group) =>
      group.arm === want.arm &&
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

/** RetryGroup is the number of retries of one arm's transactions in one block; zero where its log was read and holds none. */
export interface RetryGroup {
  readonly arm: Arm;
  readonly block: number;
  readonly retries: number;
}

/** readRetryGroups counts the retries by block, for arms whose log was read. */
export async function readRetryGroups(
  database: Database,
  { readings, blocks }: Pick<EvidenceTables, "readings" | "blocks">,
  { retries }: Pick<RequestTables, "retries">,
): Promise<readonly RetryGroup[]> {
  return database.rows(
    sql`with placed as (
      select r.arm, ${blockOf(sql`r.at_ms`)} as block, r.times
      from ${retries} r asof left join ${blocks} b on r.run = b.run and r.at_ms >= b.from_ms
      union all
      select distinct l.arm, b.block, 0.0 from ${readings} l join ${blocks} b using (run)
      where l.probe = 'odoo' and l.name = 'serialization_retries' and l.arm is not null)
    select arm, block, sum(times) as retries from placed where block is not null group by all order by all`,
    { arm, block: number, retries: number },
  );
}

/**
 * retryValues are the retries of one arm and the transactions of which they are a share, one entry a block. Transactions that
 * were retried many times may bring more retries than there were transactions; the share is then limited to all of them.
 */
export function retryValues(groups: readonly RetryGroup[], transactions: readonly BlockValues[], of: Arm): BlockValues[] {
  return transactions.map((entry, block) => {
    const found = groups.find((group) => group.arm === of && group.block === block);
    if (found === undefined || entry.kind !== "count") return { kind: "count", events: 0, exposure: 0 };
    return { kind: "count", events: Math.min(found.retries, entry.exposure), exposure: entry.exposure };
  });
}
