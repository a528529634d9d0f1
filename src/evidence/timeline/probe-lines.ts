import { type Database, number, sqlText, text, textOrNull } from "../../bundle/files/database.ts";
import { type Arm, ARMS } from "../../domain/arm.ts";
import type { TimelineSeries } from "../../domain/judgement/timeline.ts";
import type { Layer } from "../../domain/service.ts";
import type { Span } from "../frame/time-axis.ts";

interface BinValue {
  readonly name: string;
  readonly side: string | null;
  readonly bin: number;
  readonly level: number;
  /** Growth of counters per millisecond that was observed. */
  readonly rate: number | null;
}

/** readProbeLines turns probe readings into lines, layer by layer and, where they have one, arm by arm. */
export async function readProbeLines(database: Database, bins: readonly Span[]): Promise<TimelineSeries[]> {
  const values = await readBinValues(database);
  return probeLines.flatMap((line) => {
    const own = values.filter(({ name }) => name === line.reading);
    const sides: (Arm | null)[] = ARMS.filter((arm) => own.some(({ side }) => side === arm));
    if (own.some(({ side }) => side === null)) sides.push(null);
    return sides.map((arm) => ({
      id: arm === null ? line.id : `${line.id}.${arm}`,
      label: arm === null ? line.label : `${line.label}, ${arm}`,
      unit: line.unit,
      layer: line.layer,
      arm,
      chart: "probe" as const,
      points: pointsOf(bins, lineValues(line, values, arm)),
    }));
  });
}

function lineValues(line: ProbeLine, values: readonly BinValue[], arm: Arm | null): Map<number, number> {
  const own = values.filter(({ name, side }) => name === line.reading && side === arm);
  if (line.as === "level") return new Map(own.map(({ bin, level }) => [bin, level]));
  const whole = new Map(values.filter(({ name, side }) => name === line.of && side === arm).map(({ bin, rate }) => [bin, rate]));
  const points = own.flatMap(({ bin, rate }): [number, number][] => {
    if (rate === null) return [];
    if (line.as === "rate") return [[bin, rate * 1000 * (lineFactors[line.reading] ?? 1)]];
    const total = whole.get(bin) ?? null;
    return total === null || total <= 0 ? [] : [[bin, rate / total]];
  });
  return new Map(points);
}

/** Readings with several sets of labels (codes, services) are added up at each moment first. */
async function readBinValues(database: Database): Promise<readonly BinValue[]> {
  const names = [...new Set(probeLines.flatMap(({ reading, of }) => [reading, ...(of === undefined ? [] : [of])]))];
  return database.rows(
    `with looks as (
      select run, side, name, labels::VARCHAR as labels_text, at_ms, max(value) as value from readings
      where name in (${names.map((name) => sqlText(name)).join(", ")}) group by all),
    grown as (
      select *, lag(at_ms) over counter as previous_ms, lag(value) over counter as previous from looks
      window counter as (partition by run, side, name, labels_text order by at_ms)),
    summed as (
      select run, side, name, at_ms, sum(value) as level, min(previous_ms) as previous_ms,
        sum(if(value >= previous, value - previous, value)) as growth
      from grown group by run, side, name, at_ms)
    select s.name, s.side, b.bin::DOUBLE as bin, avg(level) as level, sum(growth) / nullif(sum(at_ms - previous_ms), 0) as rate
    from summed s asof join bins b on s.at_ms >= b.from_ms where s.at_ms < b.to_ms
    group by s.name, s.side, b.bin order by s.name, s.side, b.bin`,
    { name: text, side: textOrNull, bin: number, level: number, rate: (cell) => (cell === null ? null : number(cell)) },
  );
}

/** ProbeLine says how readings of one name become a line of the timeline. */
export interface ProbeLine {
  readonly reading: string;
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  readonly layer: Layer;
  /** `rate`: growth of a counter per second. `share`: growth per growth of `of`. `level`: mean of what was read. */
  readonly as: "rate" | "share" | "level";
  readonly of?: string;
}

/** What waits in Odoo, how long it has waited, and how long it will. */
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

/** probeLines are the lines of the probes, layer by layer; those that were not measured do not appear. */
export const probeLines: readonly ProbeLine[] = [
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

/** Factors from a counter's unit to that of its line. */
export const lineFactors: Readonly<Record<string, number>> = { psi_cpu_some_us: 0.001 };

/** About as many points as a chart is wide enough to tell apart. */
const MOST_BINS = 120;
/** Probes read every 1 to 5 s: narrower bins would be empty every other time. */
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

/** pointsOf gives every bin its value, at_ms the middle of the bin; null where nothing is known. */
export function pointsOf(bins: readonly Span[], values: ReadonlyMap<number, number>): [number, number | null][] {
  return bins.map(({ fromMs, toMs }, index) => [(fromMs + toMs) / 2, rounded(values.get(index) ?? null)]);
}

/** Six digits are more than a chart shows, and keep reports small. */
function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(6));
}
