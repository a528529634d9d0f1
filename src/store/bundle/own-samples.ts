import { existsSync, statSync } from "node:fs";
import { join } from "node:path";

import type { BundlePaths } from "./bundle-paths.ts";
import type { Database } from "../files/database.ts";
import { sqlArms, sqlText } from "../files/database.ts";
import { csvRelation, metadataExpression, openK6Csv, tagExpression } from "./k6-csv.ts";
import { withWholeLines } from "../files/whole-lines.ts";

/** Metrics that are kept: the rest of what k6 emits (sending, waiting, vus, ...) stays in its CSV. */
const KEPT = [
  "peakproof_step",
  "peakproof_transaction",
  "peakproof_start_lag",
  "peakproof_freshness",
  "iterations",
  "dropped_iterations",
  "http_reqs",
  "http_req_duration",
  "http_req_failed",
  "data_received",
  "checks",
];

/** emptySamples is the SQL of a samples relation without rows: the columns of `samples.parquet`. */
export const emptySamples = `select 0::DOUBLE as "timeMs", ''::VARCHAR as arm, ''::VARCHAR as scenario, ''::VARCHAR as step,
  ''::VARCHAR as metric, 0::DOUBLE as value, ''::VARCHAR as outcome, ''::VARCHAR as instance,
  0::BIGINT as pair where false`;

/** loadOwnSamples makes the table `table` from the CSV of the harness's own k6 run, up to where it was cut if it was killed. */
export async function loadOwnSamples(database: Database, paths: BundlePaths, table: string): Promise<void> {
  // A k6 that was killed in its first second has written nothing, not even the header.
  if (!existsSync(paths.k6Csv) || statSync(paths.k6Csv).size === 0) {
    await database.run(`create or replace temp table ${table} as ${emptySamples}`);
    return;
  }
  const csv = await openK6Csv(paths.k6Csv);
  const tag = (name: string) => tagExpression(csv, name);
  await withWholeLines(paths.k6Csv, join(paths.k6Folder, "samples.csv.whole"), async (path) => {
    await database.run(`create or replace temp table ${table} as
      select timestamp::BIGINT / 1e6 as "timeMs", ${sqlArms(tag("arm"))} as arm, ${tag("scenario")} as scenario,
        ${tag("name")} as step, metric_name as metric, metric_value::DOUBLE as value, ${tag("outcome")} as outcome,
        ${tag("instance")} as instance, ${metadataExpression("pair")}::BIGINT as pair
      from ${csvRelation(csv, path)}
      where metric_name in (${KEPT.map((name) => `'${name}'`).join(", ")})
      order by "timeMs"`);
  });
}

/** writeSamples writes the table to `samples.parquet`. */
export async function writeSamples(database: Database, paths: BundlePaths, table: string): Promise<void> {
  await database.run(`copy ${table} to ${sqlText(paths.samples)} (format parquet, compression zstd)`);
}
