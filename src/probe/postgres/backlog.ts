import type { Arm } from "../../domain/arm.ts";
import type { Probe, Reading } from "../../domain/reading.ts";
import { BACKLOG_TABLES, REGISTRY_CACHES } from "../../domain/target/database-access.ts";
import { observe, sampleAndClose } from "../sampling/readings.ts";
import { openPostgresSession, type PostgresSession } from "./connection.ts";
import { type ReadableColumnRow, readableColumnsSql, type ReadableTableRow, readableTablesSql } from "./inspect-reads.ts";

/** Window of a trend: the last minute, in which each of Odoo's own jobs runs once. */
const TREND_MS = 60_000;

/** Backlogs with a predicted end: name of the size and name of the prediction. */
const DRAINING: Readonly<Record<string, string>> = {
  orders_waiting: "orders_drain_minutes",
  mails_waiting: "mails_drain_minutes",
  jobs_waiting: "jobs_drain_minutes",
  pickings_waiting: "pickings_drain_minutes",
};

/** Smallest number of readings for a trend. */
const FEWEST_SIZES = 3;

/**
 * BacklogPart reads the backlog of one table. Where the table does not exist, its module is not installed and there is no
 * backlog.
 */
export interface BacklogPart {
  readonly table: string;
  /** A column that not every version of Odoo has. Without it the part is left out. */
  readonly column?: string;
  /**
   * One row with one JSON object of readings by name. `run.since` is the start of the probe and `run.now` the current time, both
   * UTC as in Odoo.
   */
  readonly sql: string;
}

/**
 * SIGNAL_PARTS read the signals by which Odoo announces that the registry or a cache is out of date: sequences up to 18, one for
 * each cache from 17 on, and tables from 19 on. Parts that a database does not have are left out, and the others are added up.
 */
const SIGNAL_PARTS: readonly BacklogPart[] = [
  sequence("registry_signals", "base_registry_signaling"),
  sequence("cache_signals", "base_cache_signaling"),
  ...REGISTRY_CACHES.map((cache) => sequence("cache_signals", `base_cache_signaling_${cache}`)),
  rowsOf("registry_signals", "orm_signaling_registry"),
  ...REGISTRY_CACHES.map((cache) => rowsOf("cache_signals", `orm_signaling_${cache}`)),
];

/**
 * waitedSince is the SQL for the seconds since `oldest`. It is zero where nothing waits, because a missing reading would appear
 * as a gap.
 */
const waitedSince = (oldest: string): string => `round(coalesce(extract(epoch from min(run.now) - ${oldest}), 0)::numeric, 1)`;

/** BACKLOG_PARTS are read in one statement. Readings with the same name are added up. */
export const BACKLOG_PARTS: readonly BacklogPart[] = [
  {
    // Younger orders are carts that a shopper is still filling. Orders from before the run are not counted.
    table: "sale_order",
    sql: `select json_build_object('orders_waiting', count(*), 'oldest_order_s', ${waitedSince("min(create_date)")})
from sale_order, run
where state in ('draft', 'sent') and create_date >= run.since and create_date < run.now - interval '1 minute'`,
  },
  {
    // A till's order is paid at once, unless Odoo could not process it. A restaurant keeps open orders.
    table: "pos_order",
    sql: `select json_build_object('store_orders_waiting', count(*))
from pos_order, run
where state = 'draft' and create_date >= run.since and create_date < run.now - interval '1 minute'`,
  },
  {
    table: "stock_picking",
    sql: `select json_build_object('pickings_waiting', count(*))
from stock_picking where state in ('confirmed', 'waiting', 'assigned')`,
  },
  {
    table: "mail_mail",
    sql: `select json_build_object('mails_waiting', count(*) filter (where state = 'outgoing'),
  'mails_failed', count(*) filter (where state = 'exception'),
  'oldest_mail_s', ${waitedSince("min(create_date) filter (where state = 'outgoing')")})
from mail_mail, run where state in ('outgoing', 'exception')`,
  },
  {
    // OCA queue_job: a job with an eta in the future is not due. A job that was enqueued and has not started is.
    table: "queue_job",
    sql: `select json_build_object('jobs_waiting', count(*) filter (where due), 'jobs_failed', count(*) filter (where state = 'failed'),
  'oldest_job_s', ${waitedSince("min(date_created) filter (where due)")})
from (select *, state in ('pending', 'enqueued') and (eta is null or eta <= (now() at time zone 'UTC')) as due
  from (select state, eta, date_created from queue_job where state in ('pending', 'enqueued', 'failed')) open) jobs, run`,
  },
  {
    // Odoo checks for jobs once a minute and sets `nextcall` when a job is done, so a delay of about a minute is normal.
    table: "ir_cron",
    sql: `select json_build_object('crons_overdue', count(*), 'cron_lateness_s', ${waitedSince("min(nextcall)")})
from ir_cron, run where active and nextcall < run.now`,
  },
  {
    // From 18 on Odoo counts consecutive failures of a scheduled job, and finally deactivates the job.
    table: "ir_cron",
    column: "failure_count",
    sql: "select json_build_object('crons_failing', count(*)) from ir_cron where active and failure_count > 0",
  },
  ...SIGNAL_PARTS,
];

/** Opened is what the first reading of the probe found. */
interface Opened {
  /** Time of the database, UTC without a time zone. */
  readonly since: string;
  /** Null where no table can be read. */
  readonly sql: string | null;
  readonly tables: readonly ReadableTableRow[];
}

/**
 * backlogProbe reads the backlogs of one arm's Odoo: orders, mails, queued jobs, scheduled jobs, pickings. It needs the
 * invariants role.
 */
export function backlogProbe(arm: Arm, dsn: string, options: { everyMs: number }): Probe {
  const session = openPostgresSession(dsn);
  const sizes = new Map<string, BacklogSize[]>();
  let opened: Opened | null = null;

  /** tables returns the number of tables that are read, and each existing table that may not be read. */
  function tables(found: Opened, timeMs: number): readonly Reading[] {
    const refused = found.tables.filter(({ present, readable }) => present && !readable);
    return [
      ...observe({ timeMs, arm, probe: "backlog" }, { backlog_tables: found.tables.filter(({ readable }) => readable).length }),
      ...refused.flatMap(({ table }) => observe({ timeMs, arm, probe: "backlog", labels: { table } }, { backlog_unreadable: 1 })),
    ];
  }

  async function sample(): Promise<readonly Reading[]> {
    const isFirst = opened === null;
    opened ??= await open(session);
    const { since, sql } = opened;
    const rows = sql === null ? [] : await session.query<{ figures: Record<string, number | null> }>(sql, [since]);
    const timeMs = Date.now();
    const figures = addUp(rows.map((row) => row.figures));
    return [
      ...observe({ timeMs, arm, probe: "backlog" }, { ...figures, ...drains(figures, timeMs, sizes) }),
      ...(isFirst ? tables(opened, timeMs) : []),
    ];
  }

  return {
    name: `backlog-${arm}`,
    everyMs: options.everyMs,
    start: sample,
    sample,
    stop: () => sampleAndClose(sample, session),
  };
}

/** BacklogSize is the size of a backlog at one time. */
export interface BacklogSize {
  readonly timeMs: number;
  readonly size: number;
}

/**
 * drainMinutes predicts in how many minutes a backlog will be empty at its present rate: its size divided by the slope of the
 * least-squares line through the readings. Null where the backlog grows, or fell by less than one item.
 */
export function drainMinutes(sizes: readonly BacklogSize[]): number | null {
  const [first, last] = [sizes[0], sizes.at(-1)];
  if (first === undefined || last === undefined) return null;
  if (last.size === 0) return 0;
  if (sizes.length < FEWEST_SIZES) return null;
  const meanMs = sizes.reduce((sum, { timeMs }) => sum + timeMs, 0) / sizes.length;
  const meanSize = sizes.reduce((sum, { size }) => sum + size, 0) / sizes.length;
  const spread = sizes.reduce((sum, { timeMs }) => sum + (timeMs - meanMs) ** 2, 0);
  if (spread === 0) return null;
  const perMs = sizes.reduce((sum, { timeMs, size }) => sum + (timeMs - meanMs) * (size - meanSize), 0) / spread;
  const fallen = -perMs * (last.timeMs - first.timeMs);
  return fallen < 1 ? null : last.size / -perMs / 60_000;
}

async function open(session: PostgresSession): Promise<Opened> {
  const names = BACKLOG_TABLES.map(({ table }) => table);
  const tables = await session.query<ReadableTableRow>(readableTablesSql, [names]);
  const [clock] = await session.query<{ since: string }>("select (now() at time zone 'UTC')::text as since");
  const columns = new Set((await session.query<ReadableColumnRow>(readableColumnsSql, [names])).map(({ name }) => name));
  const parts = BACKLOG_PARTS.filter(
    (part) =>
      tables.some(({ table, readable }) => readable && table === part.table) &&
      (part.column === undefined || columns.has(`${part.table}.${part.column}`)),
  );
  return { since: clock?.since ?? "", sql: parts.length === 0 ? null : backlogSql(parts), tables };
}

type Figures = Readonly<Record<string, number | null>>;

/** addUp merges the readings of all parts. The sum of readings with the same name is null where none of them has a value. */
function addUp(parts: readonly Figures[]): Figures {
  const sums: Record<string, number | null> = {};
  for (const [name, value] of parts.flatMap((part) => Object.entries(part))) {
    sums[name] = value === null ? (sums[name] ?? null) : (sums[name] ?? 0) + value;
  }
  return sums;
}

function drains(figures: Figures, timeMs: number, sizes: Map<string, BacklogSize[]>): Record<string, number | null> {
  const minutes: Record<string, number | null> = {};
  for (const [waiting, name] of Object.entries(DRAINING)) {
    const size = figures[waiting] ?? null;
    if (size === null) continue;
    const recent = [...(sizes.get(waiting) ?? []), { timeMs, size }].filter(({ timeMs: atMs }) => atMs > timeMs - TREND_MS);
    sizes.set(waiting, recent);
    minutes[name] = drainMinutes(recent);
  }
  return minutes;
}

function sequence(name: string, table: string): BacklogPart {
  return { table, sql: `select json_build_object('${name}', last_value) from ${table}` };
}

function rowsOf(name: string, table: string): BacklogPart {
  return { table, sql: `select json_build_object('${name}', max(id)) from ${table}` };
}

/** backlogSql joins parts into one statement. $1 is the start of the probe. */
function backlogSql(parts: readonly BacklogPart[]): string {
  const run = "with run as (select $1::timestamp as since, now() at time zone 'UTC' as now)";
  return `${run}\n${parts.map(({ sql }) => `select figures from (${sql}) as part (figures)`).join("\nunion all ")}`;
}
