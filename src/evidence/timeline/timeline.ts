import { type Database, number, numberOrNull, text, textOrNull } from "../../bundle/files/database.ts";
import { ARMS } from "../../domain/arm.ts";
import type { Block } from "../../domain/judgement/evidence.ts";
import type { Timeline, TimelineSeries } from "../../domain/judgement/timeline.ts";
import type { ServiceVolume } from "../../domain/load/run.ts";
import type { RunEvent } from "../disturbance/event-rules.ts";
import type { Span } from "../frame/time-axis.ts";
import { cutBins, pointsOf, readProbeLines } from "./probe-lines.ts";

/** readTimeline reads what the report draws over the time of the load. */
export async function readTimeline(
  database: Database,
  options: {
    durationMs: number;
    loadMs: number;
    blocks: readonly Block[];
    volumes: readonly ServiceVolume[];
    events: readonly RunEvent[];
  },
): Promise<Timeline> {
  const { durationMs, loadMs, blocks, volumes, events } = options;
  const bins = cutBins(durationMs);
  await database.run(`create or replace temp table bins (bin INTEGER, from_ms DOUBLE, to_ms DOUBLE)`);
  if (bins.length > 0) {
    const rows = bins.map(({ fromMs, toMs }, bin) => `(${bin}, ${fromMs}, ${toMs})`);
    await database.run(`insert into bins values ${rows.join(", ")}`);
  }
  await database.run(`create or replace temp table binned as
    select s.side, s.scenario, s.step, s.metric, s.value, s.outcome, b.bin, b.to_ms - b.from_ms as width
    from samples s asof join bins b on s.at_ms >= b.from_ms
    where s.at_ms < b.to_ms and s.metric in ('peakproof_transaction', 'peakproof_step', 'iterations')`);
  return {
    durationMs,
    series: [
      ...(await readLoadLines(database, { bins, volumes, loadMs })),
      ...(await readLatencyLines(database, bins)),
      ...(await readProbeLines(database, bins)),
    ],
    events: events.map(({ atMs, kind, label }) => ({ atMs, kind, label })),
    excluded: blocks.flatMap(({ startMs, endMs, disturbance }) =>
      disturbance === null ? [] : [{ startMs, endMs, reason: disturbance }],
    ),
  };
}

/** Lines in one chart beyond which nobody tells them apart. */
const MOST_LINES = 10;

/** readLoadLines are the transactions per minute by arm, and what was planned for each arm. */
export async function readLoadLines(
  database: Database,
  options: { bins: readonly Span[]; volumes: readonly ServiceVolume[]; loadMs: number },
): Promise<TimelineSeries[]> {
  const { bins, volumes, loadMs } = options;
  const rows = await database.rows(
    `select side, bin::DOUBLE as bin, count(*)::DOUBLE * 60000 / any_value(width) as "perMinute" from binned
    where metric = (select if(count(*) > 0, 'peakproof_transaction', 'iterations') from transactions) and side is not null
    group by side, bin order by side, bin`,
    { side: text, bin: number, perMinute: number },
  );
  const common = { unit: "1/min", layer: "loader", chart: "load" } as const;
  const achieved = ARMS.map((arm) => {
    const own = rows.filter(({ side }) => side === arm);
    const values = new Map(own.map(({ bin, perMinute }) => [bin, perMinute] as const));
    // A bin without a transaction is a real zero: k6 was there and sent nothing.
    const points = pointsOf(bins, values).map(([at, value]) => [at, value ?? 0] as const);
    return { ...common, id: `load.${arm}`, label: `${arm}: transactions`, arm, points };
  });
  const planned = volumes.reduce((sum, { planned: volume }) => sum + (volume ?? 0), 0);
  const shown = achieved.filter(({ arm }) => rows.some(({ side }) => side === arm));
  if (planned === 0 || loadMs <= 0 || bins.length === 0) return shown;
  const perArm = (planned * 60_000) / loadMs / ARMS.length;
  const points = pointsOf(bins, new Map(bins.map((_, index) => [index, perArm] as const)));
  return [...shown, { ...common, id: "load.planned", label: "planned for each arm", arm: null, points }];
}

/** readLatencyLines are the medians, and where there is room for them the p95, of each scenario (or step) by arm. */
export async function readLatencyLines(database: Database, bins: readonly Span[]): Promise<TimelineSeries[]> {
  const [kind] = await database.rows(`select count(*)::DOUBLE as transactions from transactions`, { transactions: number });
  const whole = (kind?.transactions ?? 0) > 0;
  const [metric, name] = whole ? ["peakproof_transaction", "scenario"] : ["peakproof_step", "step"];
  const rows = await database.rows(
    `select side, ${name} as name, bin::DOUBLE as bin, median(value) as p50, quantile_cont(value, 0.95) as p95 from binned
    where metric = '${metric}' and side is not null and (outcome is null or outcome = 'ok')
      and ${name} in (select ${name} from binned where metric = '${metric}' group by ${name}
        order by count(*) desc, ${name} limit ${MOST_LINES / 2})
    group by side, name, bin order by name, side, bin`,
    { side: text, name: textOrNull, bin: number, p50: numberOrNull, p95: numberOrNull },
  );
  const names = [...new Set(rows.map((row) => row.name ?? "all"))];
  const quantiles = names.length * 4 <= MOST_LINES ? (["p50", "p95"] as const) : (["p50"] as const);
  return names.flatMap((one) =>
    ARMS.flatMap((arm) => {
      const own = rows.filter((row) => (row.name ?? "all") === one && row.side === arm);
      if (own.length === 0) return [];
      return quantiles.map((quantile) => ({
        id: `latency.${one}.${quantile}.${arm}`,
        label: `${one} ${quantile}, ${arm}`,
        unit: "ms",
        layer: "odoo" as const,
        arm,
        chart: "latency" as const,
        points: pointsOf(
          bins,
          new Map(own.flatMap((row) => (row[quantile] === null ? [] : [[row.bin, row[quantile]] as const]))),
        ),
      }));
    }),
  );
}
