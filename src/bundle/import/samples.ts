import { HarnessError } from "../../domain/error.ts";
import type { RunCounts, ServiceVolume } from "../../domain/load/run.ts";
import { scenarioUnit } from "../../domain/load/scenario-unit.ts";
import { type Database, number, orNull, text } from "../duckdb/database.ts";
import { parquetFile, sql } from "../duckdb/sql.ts";
import type { ImportedRequests } from "./requests.ts";

/** WantedTime is the part of the samples to import, in epoch milliseconds; null is open. */
export interface WantedTime {
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

/** LoadPeriod is the time of the load, in epoch milliseconds. */
export interface LoadPeriod {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * writeImportedSamples writes requests as samples: `http_req_duration` as k6 has it, `peakproof_step` with the waits before it.
 */
export async function writeImportedSamples(
  database: Database,
  requests: ImportedRequests,
  { path, wanted }: { path: string; wanted: WantedTime },
): Promise<LoadPeriod> {
  const { fromMs, toMs } = wanted;
  const inside = sql`not setup and time_ms >= ${fromMs ?? -Infinity}::DOUBLE and time_ms < ${toMs ?? Infinity}::DOUBLE`;
  const [period] = await database.rows(
    sql`select min(time_ms - list_max(durations)) as start_ms, max(time_ms) as end_ms from ${requests}
    where ${inside} and len(durations) > 0`,
    { startMs: orNull(number), endMs: orNull(number) },
  );
  if (period === undefined || period.startMs === null || period.endMs === null) {
    throw new HarnessError("usage", "no request is left of the samples", {
      hint: "Only set-up and teardown sent requests, or the time range lies outside of the run.",
    });
  }
  const common = sql`time_ms as "timeMs", arm, scenario, step`;
  await database.writeParquet(
    path,
    sql`select ${common}, 'http_req_duration' as metric, unnest(durations) as value, outcome, instance from ${requests} where ${inside}
    union all
    select ${common}, 'peakproof_step' as metric, unnest(durations) + waits / len(durations) as value, outcome, instance
      from ${requests} where ${inside} and len(durations) > 0
    union all
    select ${common}, 'iterations' as metric, iterations as value, null as outcome, instance
      from ${requests} where ${inside} and iterations > 0
    union all
    select ${common}, 'dropped_iterations' as metric, dropped as value, null as outcome, instance
      from ${requests} where ${inside} and dropped > 0
    order by "timeMs", metric, step, value`,
  );
  // The end of a load is exclusive, so one millisecond is added.
  return { startMs: period.startMs, endMs: period.endMs + 1 };
}

/** countImported counts what k6 sent, set-up and teardown included, as k6's own summary does. */
export async function countImported(
  database: Database,
  requests: ImportedRequests,
  samplesPath: string,
): Promise<Omit<RunCounts, "summary" | "readings">> {
  const [sent] = await database.rows(
    sql`select coalesce(sum(len(durations)), 0) as http_requests, coalesce(sum(iterations), 0) as iterations,
      coalesce(sum(dropped), 0) as dropped from ${requests}`,
    { httpRequests: number, iterations: number, dropped: number },
  );
  const [written] = await database.rows(sql`select count(*) as samples from ${parquetFile(samplesPath)}`, { samples: number });
  return { ...(sent ?? { httpRequests: 0, iterations: 0, dropped: 0 }), samples: written?.samples ?? 0 };
}

/** importedVolumes counts the iterations of each scenario. The planned number is unknown. */
export async function importedVolumes(database: Database, requests: ImportedRequests): Promise<ServiceVolume[]> {
  const rows = await database.rows(
    sql`select scenario, sum(iterations) as achieved, sum(dropped) as dropped from ${requests}
    where scenario is not null and not setup group by scenario having achieved + dropped > 0 order by scenario`,
    { scenario: text, achieved: number, dropped: number },
  );
  return rows.map((row) => ({
    ...row,
    service: scenarioUnit(row.scenario).service,
    unit: "iteration",
    planned: null,
    failed: 0,
    interrupted: 0,
  }));
}
