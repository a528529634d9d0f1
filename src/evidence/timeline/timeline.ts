import { arm, type Database, number, orNull, text } from "../../bundle/duckdb/database.ts";
import { columnName, sql, type Table } from "../../bundle/duckdb/sql.ts";
import { ARMS } from "../../domain/arm.ts";
import type { Block } from "../../domain/judgement/evidence.ts";
import type { Timeline, TimelineSeries } from "../../domain/judgement/timeline.ts";
import type { ServiceVolume } from "../../domain/load/run.ts";
import type { RunEvent } from "../disturbance/event-rules.ts";
import type { EvidenceTables } from "../frame/tables.ts";
import type { Span } from "../frame/time-axis.ts";
import { cutBins, pointsOf, readProbeLines } from "./probe-lines.ts";

/** `(arm, scenario, step, metric, value, outcome, bin, width)`. */
type BinnedSamples = Table<"binned_samples">;

/** readTimeline reads the lines and events that the report draws over the time of the load. */
export async function readTimeline(
  database: Database,
  tables: EvidenceTables,
  options: {
    durationMs: number;
    loadMs: number;
    blocks: readonly Block[];
    volumes: readonly ServiceVolume[];
    events: readonly RunEvent[];
  },
): Promise<Timeline> {
  const { durationMs, loadMs, blocks, volumes, events } = options;
  const spans = cutBins(durationMs);
  const bins = await database.tableOf(
    "bins",
    { bin: "INTEGER", from_ms: "DOUBLE", to_ms: "DOUBLE" },
    spans.map(({ fromMs, toMs }, bin) => [bin, fromMs, toMs]),
  );
  const binned = await database.table(
    "binned_samples",
    sql`select s.arm, s.scenario, s.step, s.metric, s.value, s.outcome, b.bin, b.to_ms - b.from_ms as width
    from ${tables.samples} s asof join ${bins} b on s.at_ms >= b.from_ms
    where s.at_ms < b.to_ms and s.metric in ('peakproof_transaction', 'peakproof_step', 'iterations')`,
  );
  const [counted] = await database.rows(sql`select count(*) as count from ${tables.transactions}`, { count: number });
  const hasTransactions = (counted?.count ?? 0) > 0;
  return {
    durationMs,
    series: [
      ...(await readLoadLines(database, binned, { hasTransactions, bins: spans, volumes, loadMs })),
      ...(await readLatencyLines(database, binned, { hasTransactions, bins: spans })),
      ...(await readProbeLines(database, { ...tables, bins }, spans)),
    ],
    events: events.map(({ atMs, kind, label }) => ({ atMs, kind, label })),
    excluded: blocks.flatMap(({ startMs, endMs, disturbance }) =>
      disturbance === null ? [] : [{ startMs, endMs, reason: disturbance }],
    ),
  };
}

/** Lines in one chart beyond which a reader cannot distinguish them. */
const MOST_LINES = 10;

/** The transactions per minute by arm, and the number that was planned for each arm. */
async function readLoadLines(
  database: Database,
  binned: BinnedSamples,
  options: { hasTransactions: boolean; bins: readonly Span[]; volumes: readonly ServiceVolume[]; loadMs: number },
): Promise<TimelineSeries[]> {
  const { hasTransactions, bins, volumes, loadMs } = options;
  const rows = await database.rows(
    sql`select arm, bin, count(*)::DOUBLE * 60000 / any_value(width) as per_minute from ${binned}
    where metric = ${hasTransactions ? "peakproof_transaction" : "iterations"} and arm is not null
    group by arm, bin order by arm, bin`,
    { arm, bin: number, perMinute: number },
  );
  const common = { unit: "1/min", layer: "loader", chart: "load" } as const;
  const achieved = ARMS.map((each) => {
    const own = rows.filter((row) => row.arm === each);
    const values = new Map(own.map(({ bin, perMinute }) => [bin, perMinute] as const));
    // A bin without a transaction is zero: k6 was running and sent nothing.
    const points = pointsOf(bins, values).map(([at, value]) => [at, value ?? 0] as const);
    return { ...common, id: `load.${each}`, label: `${each}: transactions`, arm: each, points };
  });
  const planned = volumes.reduce((sum, { planned: volume }) => sum + (volume ?? 0), 0);
  const shown = achieved.filter((line) => rows.some((row) => row.arm === line.arm));
  if (planned === 0 || loadMs <= 0 || bins.length === 0) return shown;
  const perArm = (planned * 60_000) / loadMs / ARMS.length;
  const points = pointsOf(bins, new Map(bins.map((_, index) => [index, perArm] as const)));
  return [...shown, { ...common, id: "load.planned", label: "planned for each arm", arm: null, points }];
}

/** The medians of each scenario (or step) by arm, and the p95 where the chart has room for it. */
async function readLatencyLines(
  database: Database,
  binned: BinnedSamples,
  { hasTransactions, bins }: { hasTransactions: boolean; bins: readonly Span[] },
): Promise<TimelineSeries[]> {
  const metric = hasTransactions ? "peakproof_transaction" : "peakproof_step";
  const name = columnName(hasTransactions ? "scenario" : "step");
  const rows = await database.rows(
    sql`select arm, ${name} as name, bin, median(value) as p50, quantile_cont(value, 0.95) as p95 from ${binned}
    where metric = ${metric} and arm is not null and (outcome is null or outcome = 'ok')
      and ${name} in (select ${name} from ${binned} where metric = ${metric} group by ${name}
        order by count(*) desc, ${name} limit ${MOST_LINES / 2})
    group by arm, name, bin order by name, arm, bin`,
    { arm, name: orNull(text), bin: number, p50: orNull(number), p95: orNull(number) },
  );
  const names = [...new Set(rows.map((row) => row.name ?? "all"))];
  const quantiles = names.length * 4 <= MOST_LINES ? (["p50", "p95"] as const) : (["p50"] as const);
  return names.flatMap((one) =>
    ARMS.flatMap((each) => {
      const own = rows.filter((row) => (row.name ?? "all") === one && row.arm === each);
      if (own.length === 0) return [];
      return quantiles.map((quantile) => ({
        id: `latency.${one}.${quantile}.${each}`,
        label: `${one} ${quantile}, ${each}`,
        unit: "ms",
        layer: "odoo" as const,
        arm: each,
        chart: "latency" as const,
        points: pointsOf(
          bins,
          new Map(own.flatMap((row) => (row[quantile] === null ? [] : [[row.bin, row[quantile]] as const]))),
        ),
      }));
    }),
  );
}
