import { HarnessError } from "../../domain/error.ts";
import type { RunCounts, ServiceVolume } from "../../domain/load/run.ts";
import { scenarioUnit } from "../../domain/load/scenario-unit.ts";
import { type Database, number, numberOrNull, sqlText, text, textOrNull } from "../files/database.ts";

/** Part of the samples that is wanted, in epoch milliseconds; null is open. */
export interface TimeRange {
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

/** writeImportedSamples writes requests as samples: `http_req_duration` as k6 has it, `peakproof_step` with the waits before. */
export async function writeImportedSamples(
  database: Database,
  path: string,
  range: TimeRange,
): Promise<{ startMs: number; endMs: number }> {
  const [fromMs, toMs] = [range.fromMs ?? "'-infinity'::DOUBLE", range.toMs ?? "'infinity'::DOUBLE"];
  const inside = `not setup and time_ms >= ${fromMs} and time_ms < ${toMs}`;
  const [span] = await database.rows(
    `select min(time_ms - list_max(durations)) as "startMs", max(time_ms) as "endMs" from requests
    where ${inside} and len(durations) > 0`,
    { startMs: numberOrNull, endMs: numberOrNull },
  );
  if (span === undefined || span.startMs === null || span.endMs === null) {
    throw new HarnessError("usage", "no request is left of the samples", {
      hint: "Only set-up and teardown sent any, or the time range lies outside of the run.",
    });
  }
  const common = `time_ms as "timeMs", arm, scenario, step`;
  await database.run(`copy (
    select ${common}, 'http_req_duration' as metric, unnest(durations) as value, outcome, instance from requests where ${inside}
    union all
    select ${common}, 'peakproof_step' as metric, unnest(durations) + waits / len(durations) as value, outcome, instance
      from requests where ${inside} and len(durations) > 0
    union all
    select ${common}, 'iterations' as metric, iterations as value, null as outcome, instance
      from requests where ${inside} and iterations > 0
    union all
    select ${common}, 'dropped_iterations' as metric, dropped as value, null as outcome, instance
      from requests where ${inside} and dropped > 0
    order by "timeMs", metric, step, value) to ${sqlText(path)} (format parquet, compression zstd)`);
  // One more millisecond: the end of a load is no longer part of it.
  return { startMs: span.startMs, endMs: span.endMs + 1 };
}

/** countImported counts what k6 sent, set-up and teardown included, as its own summary does. */
export async function countImported(database: Database, samplesPath: string): Promise<Omit<RunCounts, "summary" | "readings">> {
  const [sent] = await database.rows(
    `select coalesce(sum(len(durations)), 0)::DOUBLE as "httpRequests", coalesce(sum(iterations), 0) as iterations,
      coalesce(sum(dropped), 0) as dropped from requests`,
    { httpRequests: number, iterations: number, dropped: number },
  );
  const [written] = await database.rows(`select count(*)::DOUBLE as samples from read_parquet(${sqlText(samplesPath)})`, {
    samples: number,
  });
  return { ...(sent ?? { httpRequests: 0, iterations: 0, dropped: 0 }), samples: written?.samples ?? 0 };
}

/** importedVolumes counts the iterations of each scenario; what was planned nobody knows. */
export async function importedVolumes(database: Database): Promise<ServiceVolume[]> {
  const rows = await database.rows(
    `select scenario, sum(iterations) as achieved, sum(dropped) as dropped from requests where scenario is not null and not setup
    group by scenario having achieved + dropped > 0 order by scenario`,
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

/** requireInstances makes sure that no k6 process was named twice: its requests would count double. */
export async function requireInstances(database: Database, paths: readonly string[]): Promise<void> {
  const [twice] = await database.rows(
    `select instance, cast(min(file) as VARCHAR) as one, cast(max(file) as VARCHAR) as other from requests
    where instance is not null group by instance having one <> other order by instance limit 1`,
    { instance: textOrNull, one: text, other: text },
  );
  if (twice === undefined) return;
  const [one = "", other = ""] = [paths[Number(twice.one)], paths[Number(twice.other)]];
  throw new HarnessError("usage", `${other}:2: the same k6 instance "${twice.instance ?? ""}" as in ${one}`, {
    hint: "Name every file once, and give every k6 process its own --tag instance_id=N.",
  });
}
