import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { z } from "zod";

import type { RunCounts, ServiceVolume } from "../../domain/load/run.ts";
import { scenarioUnit } from "../../domain/load/scenario-unit.ts";
import { withWholeLines } from "../../files/lines.ts";
import { type Database, number, numberOrNull, sqlArms, sqlText, text, withDatabase } from "../files/database.ts";
import { csvRelation, metadataExpression, openK6Csv, tagExpression } from "../k6/csv.ts";
import type { BundlePaths } from "./paths.ts";

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

/**
 * measureLoadStart finds when k6 began to send: the earliest intended start. k6 itself starts earlier, by the time that its
 * set-up and logins take. Null where nothing was sent.
 */
export async function measureLoadStart(paths: BundlePaths): Promise<number | null> {
  return withDatabase(async (database) => {
    await loadOwnSamples(database, paths, "samples");
    const [row] = await database.rows(
      `select min(case metric when 'peakproof_transaction' then "timeMs" - value else "timeMs" end) as "startMs"
      from samples where metric in ('peakproof_transaction', 'iterations')`,
      { startMs: numberOrNull },
    );
    return row?.startMs ?? null;
  });
}

/** PlannedVolume is how many transactions of a scenario were planned for the measured load, both arms together. */
export interface PlannedVolume {
  readonly scenario: string;
  readonly planned: number;
}

/**
 * measureVolumes counts what became of the planned load in [fromMs, toMs): transactions by their intended start, dropped
 * arrivals by their time. What was planned and left no trace was interrupted.
 */
export async function measureVolumes(
  database: Database,
  options: { samples: string; planned: readonly PlannedVolume[] | null; fromMs: number; toMs: number },
): Promise<ServiceVolume[]> {
  const { samples, planned, fromMs, toMs } = options;
  const inside = (time: string) => `${time} >= ${fromMs} and ${time} < ${toMs}`;
  const found = await database.rows(
    `select scenario,
      count(*) filter (metric = 'peakproof_transaction' and outcome = 'ok' and ${inside(`"timeMs" - value`)})::DOUBLE as achieved,
      count(*) filter (metric = 'peakproof_transaction' and outcome <> 'ok' and ${inside(`"timeMs" - value`)})::DOUBLE as failed,
      coalesce(sum(value) filter (metric = 'dropped_iterations' and ${inside(`"timeMs"`)}), 0)::DOUBLE as dropped
    from ${samples} where scenario is not null group by scenario order by scenario`,
    { scenario: text, achieved: number, failed: number, dropped: number },
  );
  const names = [...new Set([...(planned ?? []), ...found].map(({ scenario }) => scenario))].sort();
  return names.map((scenario) => {
    const counted = found.find((row) => row.scenario === scenario) ?? { achieved: 0, failed: 0, dropped: 0 };
    const plan = planned?.find((row) => row.scenario === scenario)?.planned ?? null;
    const { achieved, failed, dropped } = counted;
    // Rounding down: a fraction of an arrival at the edge of the load is not an interrupted transaction.
    const interrupted = plan === null ? 0 : Math.max(0, Math.floor(plan) - achieved - failed - dropped);
    return { ...scenarioUnit(scenario), scenario, planned: plan, achieved, failed, dropped, interrupted };
  });
}

/** `--summary-export` writes `{ count }`, `handleSummary` writes `{ values: { count } }`. */
const counter = z.union([
  z.object({ count: z.number() }).transform(({ count }) => count),
  z.object({ values: z.object({ count: z.number() }) }).transform(({ values }) => values.count),
]);

const k6Summary = z.object({
  metrics: z.object({
    iterations: counter.optional(),
    http_reqs: counter.optional(),
    dropped_iterations: counter.optional(),
  }),
});

/** readK6Summary reads what k6 itself counted; null where it wrote no summary, as when it was killed. */
export async function readK6Summary(path: string): Promise<RunCounts["summary"]> {
  const raw = await readFile(path, "utf8").catch(() => null);
  if (raw === null) return null;
  const summary = k6Summary.safeParse(jsonOrNull(raw));
  if (!summary.success) return null;
  const { iterations, http_reqs: requests, dropped_iterations: dropped } = summary.data.metrics;
  return { iterations: iterations ?? 0, httpRequests: requests ?? 0, dropped: dropped ?? 0 };
}

/** countSamples counts what is in the tables of samples and readings. */
export async function countSamples(
  database: Database,
  options: { samples: string; readings: string },
): Promise<Omit<RunCounts, "summary">> {
  const total = (metric: string) => `coalesce(sum(value) filter (metric = '${metric}'), 0)::DOUBLE`;
  const [samples] = await database.rows(
    `select count(*)::DOUBLE as samples, ${total("iterations")} as iterations, ${total("http_reqs")} as "httpRequests",
      ${total("dropped_iterations")} as dropped from ${options.samples}`,
    { samples: number, iterations: number, httpRequests: number, dropped: number },
  );
  const none = { samples: 0, iterations: 0, httpRequests: 0, dropped: 0 };
  return { ...(samples ?? none), readings: await countReadings(database, options.readings) };
}

export async function countReadings(database: Database, relation: string): Promise<number> {
  const [row] = await database.rows(`select count(*)::DOUBLE as readings from ${relation}`, { readings: number });
  return row?.readings ?? 0;
}

function jsonOrNull(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return null;
  }
}
