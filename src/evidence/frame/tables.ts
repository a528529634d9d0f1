import { existsSync } from "node:fs";

import { type Database, number, orNull } from "../../bundle/duckdb/database.ts";
import { knownArm, parquetFile, type Sql, sql, type Table } from "../../bundle/duckdb/sql.ts";
import type { ComparedRun } from "../../bundle/run/compared-runs.ts";
import { readingsRelation } from "../../bundle/run/readings.ts";
import { emptySamples, loadOwnSamples } from "../../bundle/run/samples.ts";
import type { RunManifest } from "../../domain/load/run.ts";
import type { ArrangedRun, BlockSpan, SampleSpan } from "./time-axis.ts";

/** EvidenceTables hold the bundles on the time axis of the evidence. Columns `arm` are null where a row belongs to no arm. */
export interface EvidenceTables {
  /** `(run, arm, start_ms, offset_ms, campaign)`. Runs of one campaign ran on the same servers. */
  readonly runs: Table<"runs">;
  /** `(run, arm, scenario, step, metric, value, outcome, pair, end_ms, at_ms, block)`; a sample began at `at_ms`. */
  readonly samples: Table<"samples">;
  /** The rows of `samples` that are whole transactions of an arm. */
  readonly transactions: Table<"transactions">;
  /** `(run, arm, probe, name, labels, value, at_ms)`. */
  readonly readings: Table<"readings">;
  /** `(run, block, from_ms, to_ms)`, one row for each run that a block is part of. */
  readonly blocks: Table<"blocks">;
}

/** RawSamples are the samples of the bundles with the times that k6 wrote. */
export interface RawSamples {
  /** The columns of `samples.parquet`, and `run`. */
  readonly table: Table<"raw_samples">;
  /** First and last sample of each run. */
  readonly spans: readonly SampleSpan[];
}

/** Metrics whose value is a time that ended with the sample. Such a sample counts at the moment at which it began. */
const ENDING = ["peakproof_transaction", "peakproof_step", "peakproof_start_lag", "peakproof_freshness", "http_req_duration"];

/** loadRawSamples reads the samples of all runs. */
export async function loadRawSamples(database: Database, runs: readonly ComparedRun[]): Promise<RawSamples> {
  const table = await database.table("raw_samples", sql`select 0::INTEGER as run, * from (${emptySamples})`);
  for (const { index, paths } of runs) {
    const samples = existsSync(paths.samples) ? parquetFile(paths.samples) : sql`${await loadOwnSamples(database, paths)}`;
    await database.append(table, sql`select ${index} as run, * from ${samples}`);
  }
  const spans = await database.rows(
    sql`select run, min("timeMs") as first_ms, max("timeMs") as last_ms from ${table} group by run`,
    { run: number, firstMs: orNull(number), lastMs: orNull(number) },
  );
  return { table, spans: runs.map(({ index }) => spans.find(({ run }) => run === index) ?? { firstMs: null, lastMs: null }) };
}

/** loadEvidenceTables places runs, samples and readings on the time axis. It uses up the table of `raw`. */
export async function loadEvidenceTables(
  database: Database,
  raw: RawSamples,
  { runs: arranged, blocks: spans }: { runs: readonly ArrangedRun[]; blocks: readonly BlockSpan[] },
): Promise<EvidenceTables> {
  const runs = await database.tableOf(
    "runs",
    { run: "INTEGER", arm: "VARCHAR", start_ms: "DOUBLE", offset_ms: "DOUBLE", campaign: "VARCHAR" },
    arranged.map(({ index, arm, loadStartMs, offsetMs, manifest }) => [index, arm, loadStartMs, offsetMs, serversOf(manifest)]),
  );
  const blocks = await database.tableOf(
    "blocks",
    { run: "INTEGER", block: "INTEGER", from_ms: "DOUBLE", to_ms: "DOUBLE" },
    spans.flatMap(({ runs: parts, fromMs, toMs }, block) => parts.map((run) => [run, block, fromMs, toMs])),
  );
  const samples = await placeSamples(database, raw, { runs, blocks });
  const transactions = await database.table(
    "transactions",
    sql`select * from ${samples} where metric = 'peakproof_transaction' and arm is not null`,
  );
  return { runs, samples, transactions, readings: await loadReadings(database, arranged, runs), blocks };
}

/**
 * serversOf identifies the servers of a run. The process id of a worker means the same process in runs on the same servers only.
 */
function serversOf({ round, runId }: RunManifest): string {
  return round === undefined ? `run ${runId}` : `campaign ${round.campaign}`;
}

/**
 * placeSamples puts samples on the time axis and into blocks. Both halves of a pair do the same work, so both are put into the
 * block of the earlier one. A block edge between them would otherwise appear as a difference between the arms.
 */
async function placeSamples(
  database: Database,
  raw: RawSamples,
  { runs, blocks }: Pick<EvidenceTables, "runs" | "blocks">,
): Promise<EvidenceTables["samples"]> {
  const placed = await database.table(
    "placed_samples",
    sql`with placed as (
      select s.run, ${knownArm(sql`coalesce(r.arm, s.arm)`)} as arm, s.scenario, s.step, s.metric, s.value, s.outcome, s.pair,
        s."timeMs" - r.start_ms + r.offset_ms as end_ms, end_ms - if(s.metric in ${ENDING}, s.value, 0) as at_ms
      from ${raw.table} s join ${runs} r using (run))
    select p.*, ${blockOf(sql`p.at_ms`)} as block
    from placed p asof left join ${blocks} b on p.run = b.run and p.at_ms >= b.from_ms`,
  );
  await database.drop(raw.table);
  const pairs = await database.table(
    "pairs",
    sql`select run, scenario, pair, nullif(arg_min(coalesce(block, -1), at_ms), -1) as block
    from ${placed} where metric = 'peakproof_transaction' and pair is not null
    group by all having count(distinct arm) = 2`,
  );
  const samples = await database.table(
    "samples",
    sql`select s.* replace (if(p.run is null, s.block, p.block) as block)
    from ${placed} s left join ${pairs} p on s.run = p.run and s.scenario = p.scenario and s.pair = p.pair`,
  );
  await database.drop(placed);
  await database.drop(pairs);
  return samples;
}

/**
 * blockOf is the SQL of the block of a moment, in a query that ASOF-joins the table of blocks as `b`; null between and outside
 * blocks.
 */
export function blockOf(at: Sql): Sql {
  return sql`if(${at} < b.to_ms, b.block, null)`;
}

async function loadReadings(
  database: Database,
  arranged: readonly ArrangedRun[],
  runs: EvidenceTables["runs"],
): Promise<EvidenceTables["readings"]> {
  const columns = {
    run: "INTEGER",
    arm: "VARCHAR",
    probe: "VARCHAR",
    name: "VARCHAR",
    labels: "MAP(VARCHAR, VARCHAR)",
    value: "DOUBLE",
    at_ms: "DOUBLE",
  } as const;
  const readings = await database.tableOf("readings", columns, []);
  for (const { index, paths } of arranged) {
    await database.append(
      readings,
      sql`select r.run, ${knownArm(sql`coalesce(r.arm, p.arm)`)} as arm, p.probe, p.name, p.labels, p.value,
        p."timeMs" - r.start_ms + r.offset_ms as at_ms
      from ${readingsRelation(paths)} p, ${runs} r where r.run = ${index}`,
    );
  }
  return readings;
}
