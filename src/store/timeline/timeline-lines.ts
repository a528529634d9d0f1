import type { Layer } from "../../domain/service.ts";

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
