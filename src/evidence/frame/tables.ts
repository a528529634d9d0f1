import { existsSync } from "node:fs";

import { type Database, number, numberOrNull, sqlPath, sqlText } from "../../bundle/files/database.ts";
import type { ComparedRun } from "../../bundle/run/compared-runs.ts";
import { readingsRelation } from "../../bundle/run/readings.ts";
import { emptySamples, loadOwnSamples } from "../../bundle/run/samples.ts";
import type { RunManifest } from "../../domain/load/run.ts";
import type { ArrangedRun, BlockSpan, SampleSpan } from "./time-axis.ts";

/** Metrics whose value is a time that ended with the sample: they belong to the moment at which they began. */
const ENDING = "('peakproof_transaction', 'peakproof_step', 'peakproof_start_lag', 'peakproof_freshness', 'http_req_duration')";

/** loadRawSamples makes the table `raw_samples`: what the bundles hold, with the number of the run. */
export async function loadRawSamples(database: Database, runs: readonly ComparedRun[]): Promise<SampleSpan[]> {
  await database.run(`create or replace temp table raw_samples as select 0::INTEGER as run, * from (${emptySamples})`);
  for (const { index, paths } of runs) {
    if (existsSync(paths.samples)) {
      await database.run(
        `insert into raw_samples by name select ${index} as run, * from read_parquet(${sqlPath(paths.samples)})`,
      );
    } else {
      await loadOwnSamples(database, paths, "own_samples");
      await database.run(`insert into raw_samples by name select ${index} as run, * from own_samples`);
    }
  }
  const spans = await database.rows(
    `select run::DOUBLE as run, min("timeMs") as "firstMs", max("timeMs") as "lastMs" from raw_samples group by run`,
    { run: number, firstMs: numberOrNull, lastMs: numberOrNull },
  );
  return runs.map(({ index }) => spans.find(({ run }) => run === index) ?? { firstMs: null, lastMs: null });
}

/**
 * loadEvidenceTables puts everything on the time axis of the evidence:
 *
 * - `runs(run, side, start_ms, offset_ms, campaign)`; runs of one campaign met the same servers;
 * - `samples(run, side, scenario, step, metric, value, outcome, pair, at_ms, end_ms, block)`; `at` is when it began;
 * - `transactions`, the rows of samples that are whole transactions;
 * - `readings(run, side, probe, name, labels, value, at_ms)`;
 * - `blocks(run, block, from_ms, to_ms)`, one row for each run that a block is part of.
 */
export async function loadEvidenceTables(
  database: Database,
  runs: readonly ArrangedRun[],
  blocks: readonly BlockSpan[],
): Promise<void> {
  await database.run(`create or replace temp table runs
    (run INTEGER, side VARCHAR, start_ms DOUBLE, offset_ms DOUBLE, campaign VARCHAR)`);
  await database.run(`create or replace temp table blocks (run INTEGER, block INTEGER, from_ms DOUBLE, to_ms DOUBLE)`);
  await insert(
    database,
    "runs",
    runs.map(
      ({ index, side, loadStartMs, offsetMs, manifest }) =>
        `(${index}, ${side === null ? "null" : sqlText(side)}, ${loadStartMs}, ${offsetMs}, ${sqlText(serversOf(manifest))})`,
    ),
  );
  await insert(
    database,
    "blocks",
    blocks.flatMap(({ runs: parts, fromMs, toMs }, block) => parts.map((run) => `(${run}, ${block}, ${fromMs}, ${toMs})`)),
  );
  await database.run(`create or replace temp table samples as
    with placed as (
      select s.run, coalesce(r.side, s.arm) as side, s.scenario, s.step, s.metric, s.value, s.outcome, s.pair,
        s."timeMs" - r.start_ms + r.offset_ms as end_ms, end_ms - if(s.metric in ${ENDING}, s.value, 0) as at_ms
      from raw_samples s join runs r using (run))
    select p.*, ${blockOf("p.at_ms")} as block from placed p asof left join blocks b on p.run = b.run and p.at_ms >= b.from_ms`);
  await database.run(`drop table raw_samples`);
  await keepPairsTogether(database);
  await database.run(`create or replace temp table transactions as
    select * from samples where metric = 'peakproof_transaction' and side is not null`);
  await loadReadings(database, runs);
}

/** serversOf names what runs on the same servers have in common: a worker's id means the same process only there. */
function serversOf({ round, runId }: RunManifest): string {
  return round === undefined ? `run ${runId}` : `campaign ${round.campaign}`;
}

/**
 * keepPairsTogether puts both halves of a pair, which do the same work, into the block of the earlier one. A block edge between
 * them would otherwise read as a difference between the arms.
 */
async function keepPairsTogether(database: Database): Promise<void> {
  await database.run(`create or replace temp table pairs as
    select run, scenario, pair, nullif(arg_min(coalesce(block, -1), at_ms), -1) as block
    from samples where metric = 'peakproof_transaction' and pair is not null
    group by all having count(distinct side) = 2`);
  await database.run(`create or replace temp table samples as
    select s.* replace (if(p.run is null, s.block, p.block) as block)
    from samples s left join pairs p on s.run = p.run and s.scenario = p.scenario and s.pair = p.pair`);
}

/** blockOf is the SQL of the block of an ASOF-joined moment; null between and outside blocks. */
export function blockOf(at: string): string {
  return `if(${at} < b.to_ms, b.block, null)`;
}

async function loadReadings(database: Database, runs: readonly ArrangedRun[]): Promise<void> {
  await database.run(`create or replace temp table readings
    (run INTEGER, side VARCHAR, probe VARCHAR, name VARCHAR, labels MAP(VARCHAR, VARCHAR), value DOUBLE, at_ms DOUBLE)`);
  for (const { index, paths } of runs) {
    await database.run(`insert into readings by name
      select r.run, coalesce(r.side, p.arm) as side, p.probe, p.name, p.labels, p.value,
        p."timeMs" - r.start_ms + r.offset_ms as at_ms
      from ${readingsRelation(paths)} p, runs r where r.run = ${index}`);
  }
}

async function insert(database: Database, table: string, rows: readonly string[]): Promise<void> {
  if (rows.length > 0) await database.run(`insert into ${table} values ${rows.join(", ")}`);
}
