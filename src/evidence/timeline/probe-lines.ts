import { arm, type Database, number, orNull, text } from "../../bundle/duckdb/database.ts";
import { sql, type Table } from "../../bundle/duckdb/sql.ts";
import { type Arm, ARMS } from "../../domain/arm.ts";
import type { TimelineSeries } from "../../domain/judgement/timeline.ts";
import type { Layer } from "../../domain/service.ts";
import type { EvidenceTables } from "../frame/tables.ts";
import type { Span } from "../frame/time-axis.ts";

interface BinValue {
  readonly name: string;
  readonly arm: Arm | null;
  readonly bin: number;
  readonly level: number;
  /** Growth of counters per observed millisecond. */
  readonly rate: number | null;
}

interface ProbeTables extends Pick<EvidenceTables, "readings"> {
  /** `(bin, from_ms, to_ms)`. */
  readonly bins: Table<"bins">;
}

/** readProbeLines turns probe readings into lines, by layer and, where the readings have one, by arm. */
export async function readProbeLines(database: Database, tables: ProbeTables, bins: readonly Span[]): Promise<TimelineSeries[]> {
  const values = await readBinValues(database, tables);
  return probeLines.flatMap((line) => {
    const own = values.filter(({ name }) => name === line.reading);
    const arms: (Arm | null)[] = ARMS.filter((each) => own.some((value) => value.arm === each));
    if (own.some((value) => value.arm === null)) arms.push(null);
    return arms.map((each) => ({
      id: each === null ? line.id : `${line.id}.${each}`,
      label: each === null ? line.label : `${line.label}, ${each}`,
      unit: line.unit,
      layer: line.layer,
      arm: each,
      chart: "probe" as const,
      points: pointsOf(bins, lineValues(line, values, each)),
    }));
  });
}

function lineValues(line: ProbeLine, values: readonly BinValue[], of: Arm | null): Map<number, number> {
  const named = (name: string | undefined) => values.filter((value) => value.name === name && value.arm === of);
  const own = named(line.reading);
  if (line.as === "level") return new Map(own.map(({ bin, level }) => [bin, level]));
  const whole = new Map(named(line.of).map(({ bin, rate }) => [bin, rate]));
  const points = own.flatMap(({ bin, rate }): [number, number][] => {
    if (rate === null) return [];
    if (line.as === "rate") return [[bin, rate * 1000 * (lineFactors[line.reading] ?? 1)]];
    const total = whole.get(bin) ?? null;
    return total === null || total <= 0 ? [] : [[bin, rate / total]];
  });
  return new Map(points);
}

/** Readings with several sets of labels (codes, services) are added up at each moment first. */
async function readBinValues(database: Database, { readings, bins }: ProbeTables): Promise<readonly BinValue[]> {
  const names = [...new Set(probeLines.flatMap(({ reading, of }) => [reading, ...(of === undefined ? [] : [of])]))];
  return database.rows(
    sql`with observed as (
      select run, arm, name, labels::VARCHAR as labels_text, at_ms, max(value) as value from ${readings}
      where name in ${names} group by all),
    grown as (
      select *, lag(at_ms) over counter as previous_ms, lag(value) over counter as previous from observed
      window counter as (partition by run, arm, name, labels_text order by at_ms)),
    summed as (
      select run, arm, name, at_ms, sum(value) as level, min(previous_ms) as previous_ms,
        sum(if(value >= previous, value - previous, value)) as growth
      from grown group by run, arm, name, at_ms)
    select s.name, s.arm, b.bin, avg(level) as level, sum(growth) / nullif(sum(at_ms - previous_ms), 0) as rate
    from summed s asof join ${bins} b on s.at_ms >= b.from_ms where s.at_ms < b.to_ms
    group by s.name, s.arm, b.bin order by s.name, s.arm, b.bin`,
    { name: text, arm: orNull(arm), bin: number, level: number, rate: orNull(number) },
  );
}

/** ProbeLine describes how readings of one name become a line of the timeline. */
interface ProbeLine {
  readonly reading: string;
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  readonly layer: Layer;
  /** `rate`: growth of a counter per second. `share`: growth per growth of `of`. `level`: mean of the readings. */
  readonly as: "rate" | "share" | "level";
  readonly of?: string;
}

/** Backlogs of Odoo: their size, age and remaining time. */
const backlogLines: readonly ProbeLine[] = (
  [
    ["orders_waiting", "orders-waiting", "orders waiting for confirmation", "orders"],
    ["pickings_waiting", "pickings-waiting", "pickings waiting", "pickings"],
    ["store_orders_waiting", "store-orders-waiting", "till orders that are not paid", "orders"],
    ["mails_waiting", "mails-waiting", "mails waiting", "mails"],
    ["jobs_waiting", "jobs-waiting", "jobs waiting", "jobs"],
    ["oldest_job_s", "oldest-job", "age of the oldest job that waits", "s"],
    ["cron_lateness_s", "cron-lateness", "lateness of scheduled jobs", "s"],
    ["orders_drain_minutes", "orders-drain", "time until no orders wait", "min"],
    ["pickings_drain_minutes", "pickings-drain", "time until no pickings wait", "min"],
    ["mails_drain_minutes", "mails-drain", "time until no mails wait", "min"],
    ["jobs_drain_minutes", "jobs-drain", "time until no jobs wait", "min"],
  ] as const
).map(([reading, id, label, unit]) => ({ reading, id: `odoo.${id}`, label, unit, layer: "odoo", as: "level" }));

/** The lines of the probes by layer. Lines that were not measured do not appear. */
const probeLines: readonly ProbeLine[] = [
  { reading: "odoo_cpu_ms", id: "odoo.cpu", label: "Odoo CPU", unit: "ms/s", layer: "odoo", as: "rate" },
  ...backlogLines,
  {
    reading: "sessions_active",
    id: "postgres.active",
    label: "active sessions",
    unit: "sessions",
    layer: "postgres",
    as: "level",
  },
  {
    reading: "locks_waiting",
    id: "postgres.locks",
    label: "sessions waiting for a lock",
    unit: "sessions",
    layer: "postgres",
    as: "level",
  },
  { reading: "statements_total", id: "postgres.statements", label: "SQL statements", unit: "1/s", layer: "postgres", as: "rate" },
  { reading: "wal_bytes", id: "postgres.wal", label: "WAL", unit: "bytes/s", layer: "postgres", as: "rate" },
  {
    reading: "replication_lag_bytes",
    id: "postgres.replication-lag",
    label: "WAL that a replica has not replayed",
    unit: "bytes",
    layer: "postgres",
    as: "level",
  },
  { reading: "commands", id: "redis.commands", label: "Redis commands", unit: "1/s", layer: "redis", as: "rate" },
  { reading: "used_memory_bytes", id: "redis.memory", label: "Redis memory", unit: "bytes", layer: "redis", as: "level" },
  { reading: "requests", id: "ingress.requests", label: "Traefik requests", unit: "1/s", layer: "ingress", as: "rate" },
  {
    reading: "cpu_busy_ms",
    id: "host.cpu",
    label: "host CPU busy",
    unit: "ratio",
    layer: "host",
    as: "share",
    of: "cpu_total_ms",
  },
  {
    reading: "cpu_steal_ms",
    id: "host.steal",
    label: "CPU stolen",
    unit: "ratio",
    layer: "host",
    as: "share",
    of: "cpu_total_ms",
  },
  {
    reading: "foreign_cpu_ms",
    id: "host.foreign",
    label: "CPU of other programs",
    unit: "ratio",
    layer: "host",
    as: "share",
    of: "cpu_total_ms",
  },
  { reading: "psi_cpu_some_us", id: "host.pressure", label: "time waited for CPU", unit: "ms/s", layer: "host", as: "rate" },
  { reading: "loader_cpu_ms", id: "loader.cpu", label: "load generator CPU", unit: "ms/s", layer: "loader", as: "rate" },
];

/** Factors from a counter's unit to the unit of its line. */
const lineFactors: Readonly<Record<string, number>> = { psi_cpu_some_us: 0.001 };

/** About the number of points that a reader can distinguish in a chart. */
const MOST_BINS = 120;
/** Probes read every 1 to 5 s, so narrower bins would often be empty. */
const SHORTEST_BIN_MS = 5000;

/** cutBins cuts the whole time axis, warm-up included, into bins for drawing. */
export function cutBins(durationMs: number): Span[] {
  const widthMs = Math.max(SHORTEST_BIN_MS, Math.ceil(durationMs / MOST_BINS / 1000) * 1000);
  const count = Math.max(1, Math.ceil(durationMs / widthMs));
  return Array.from({ length: count }, (_, index) => ({
    fromMs: index * widthMs,
    toMs: Math.min(durationMs, (index + 1) * widthMs),
  })).filter(({ fromMs, toMs }) => toMs > fromMs);
}

/** pointsOf lists the middle and the value of each bin; null where the value is unknown. */
export function pointsOf(bins: readonly Span[], values: ReadonlyMap<number, number>): [number, number | null][] {
  return bins.map(({ fromMs, toMs }, index) => [(fromMs + toMs) / 2, rounded(values.get(index) ?? null)]);
}

/** Six digits are more than a chart shows, and they keep reports small. */
function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(6));
}
