import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { z } from "zod";

import type { RunCounts, ServiceVolume } from "../../domain/load/run.ts";
import { scenarioUnit } from "../../domain/load/scenario-unit.ts";
import { parseJsonOrNull } from "../../files/json-file.ts";
import { withWholeLines } from "../../files/lines.ts";
import { type Database, number, orNull, text } from "../duckdb/database.ts";
import { knownArm, sql, type Table } from "../duckdb/sql.ts";
import { csvRelation, metadataExpression, openK6Csv, tagExpression } from "../k6/csv.ts";
import type { BundlePaths } from "./paths.ts";

/** Metrics that are kept. k6's other metrics (sending, waiting, vus, ...) stay in its CSV. */
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

/** OwnSamples is the table of one run's samples, with the columns of `samples.parquet`. */
export type OwnSamples = Table<"own_samples">;

/** emptySamples is a samples relation without rows. */
export const emptySamples = sql`select 0::DOUBLE as "timeMs", ''::VARCHAR as arm, ''::VARCHAR as scenario, ''::VARCHAR as step,
  ''::VARCHAR as metric, 0::DOUBLE as value, ''::VARCHAR as outcome, ''::VARCHAR as instance,
  0::BIGINT as pair where false`;

/** loadOwnSamples reads the CSV of the harness's k6 run. If k6 was killed, the incomplete last line is left out. */
export async function loadOwnSamples(database: Database, paths: BundlePaths): Promise<OwnSamples> {
  // A k6 that was killed in its first second has written nothing, not even the header.
  if (!existsSync(paths.k6Csv) || statSync(paths.k6Csv).size === 0) return database.table("own_samples", emptySamples);
  const csv = await openK6Csv(paths.k6Csv);
  const tag = (name: string) => tagExpression(csv, name);
  return withWholeLines(paths.k6Csv, join(paths.k6Folder, "samples.csv.whole"), (path) =>
    database.table(
      "own_samples",
      sql`select timestamp::BIGINT / 1e6 as "timeMs", ${knownArm(tag("arm"))} as arm, ${tag("scenario")} as scenario,
        ${tag("name")} as step, metric_name as metric, metric_value::DOUBLE as value, ${tag("outcome")} as outcome,
        ${tag("instance")} as instance, ${metadataExpression("pair")}::BIGINT as pair
      from ${csvRelation(csv, path)}
      where metric_name in ${KEPT}
      order by "timeMs"`,
    ),
  );
}

/**
 * measureLoadStart finds when k6 began to send, in epoch milliseconds: the earliest intended start. k6 itself starts earlier,
 * because its set-up and logins take time. Null where nothing was sent.
 */
export async function measureLoadStart(database: Database, samples: OwnSamples): Promise<number | null> {
  const [row] = await database.rows(
    sql`select min(case metric when 'peakproof_transaction' then "timeMs" - value else "timeMs" end) as start_ms
    from ${samples} where metric in ('peakproof_transaction', 'iterations')`,
    { startMs: orNull(number) },
  );
  return row?.startMs ?? null;
}

/** PlannedVolume is the number of transactions of a scenario that were planned for the measured load, both arms together. */
export interface PlannedVolume {
  readonly scenario: string;
  readonly planned: number;
}

/**
 * measureVolumes counts the outcome of the planned load in [fromMs, toMs): transactions by their intended start, dropped arrivals
 * by their time. A planned transaction of which there is no sample was interrupted.
 */
export async function measureVolumes(
  database: Database,
  samples: OwnSamples,
  { planned, fromMs, toMs }: { planned: readonly PlannedVolume[] | null; fromMs: number; toMs: number },
): Promise<ServiceVolume[]> {
  const started = sql`metric = 'peakproof_transaction' and "timeMs" - value >= ${fromMs} and "timeMs" - value < ${toMs}`;
  const dropped = sql`metric = 'dropped_iterations' and "timeMs" >= ${fromMs} and "timeMs" < ${toMs}`;
  const found = await database.rows(
    sql`select scenario, count(*) filter (outcome = 'ok' and ${started}) as achieved,
      count(*) filter (outcome <> 'ok' and ${started}) as failed, coalesce(sum(value) filter (${dropped}), 0) as dropped
    from ${samples} where scenario is not null group by scenario order by scenario`,
    { scenario: text, achieved: number, failed: number, dropped: number },
  );
  const names = [...new Set([...(planned ?? []), ...found].map(({ scenario }) => scenario))].sort();
  return names.map((scenario) => {
    const counted = found.find((row) => row.scenario === scenario) ?? { achieved: 0, failed: 0, dropped: 0 };
    const plan = planned?.find((row) => row.scenario === scenario)?.planned ?? null;
    // A fraction of an arrival at the edge of the load is not an interrupted transaction, so the plan is rounded down.
    const ended = counted.achieved + counted.failed + counted.dropped;
    const interrupted = plan === null ? 0 : Math.max(0, Math.floor(plan) - ended);
    const { achieved, failed, dropped: lost } = counted;
    return { ...scenarioUnit(scenario), scenario, planned: plan, achieved, failed, dropped: lost, interrupted };
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

/** readK6Summary reads k6's own counts; null where k6 wrote no summary, for instance because it was killed. */
export async function readK6Summary(path: string): Promise<RunCounts["summary"]> {
  const raw = await readFile(path, "utf8").catch(() => null);
  if (raw === null) return null;
  const summary = k6Summary.safeParse(parseJsonOrNull(raw));
  if (!summary.success) return null;
  const { iterations, http_reqs: requests, dropped_iterations: dropped } = summary.data.metrics;
  return { iterations: iterations ?? 0, httpRequests: requests ?? 0, dropped: dropped ?? 0 };
}

/** countSamples counts the samples of a run, and sums k6's own counters. */
export async function countSamples(database: Database, samples: OwnSamples): Promise<Omit<RunCounts, "summary" | "readings">> {
  const total = (metric: string) => sql`coalesce(sum(value) filter (metric = ${metric}), 0)`;
  const [counted] = await database.rows(
    sql`select count(*) as samples, ${total("iterations")} as iterations, ${total("http_reqs")} as http_requests,
      ${total("dropped_iterations")} as dropped from ${samples}`,
    { samples: number, iterations: number, httpRequests: number, dropped: number },
  );
  return counted ?? { samples: 0, iterations: 0, httpRequests: 0, dropped: 0 };
}
