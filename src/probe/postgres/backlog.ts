import type { Arm } from "../../domain/arm.ts";
import type { Probe, Reading } from "../../domain/reading.ts";
import { BACKLOG_TABLES, REGISTRY_CACHES } from "../../domain/target/database-access.ts";
import { observe, sampleAndClose } from "../sampling/readings.ts";
import { openPostgresSession, type PostgresSession } from "./connection.ts";
import { type ReadableColumnRow, readableColumnsSql, type ReadableTableRow, readableTablesSql } from "./inspect-reads.ts";

/** Trends are taken over the last minute: the time in which Odoo's own jobs come round once. */
const TREND_MS = 60_000;

/** Backlogs whose end is foretold, by the reading of their size. */
const DRAINING: Readonly<Record<string, string>> = {
  orders_waiting: "orders_drain_minutes",
  mails_waiting: "mails_drain_minutes",
  jobs_waiting: "jobs_drain_minutes",
  pickings_waiting: "pickings_drain_minutes",
};

/** Fewest looks that make a trend. */
const FEWEST_LOOKS = 3;

/** BacklogPart reads what waits in one table; where the table is absent its module is not installed, and nothing can wait. */
export interface BacklogPart {
  readonly table: string;
  /** A column that not every version of Odoo has, and without which there is nothing to read. */
  readonly column?: string;
  /** One row with one JSON object: readings by name. `run.since` is when the probe began, and `run.now` this moment, UTC as Odoo stores it. */
  readonly sql: string;
}

/**
 * SIGNAL_PARTS read by what Odoo tells its processes that the registry or a cache is out of date: sequences up to 18, one for each
 * cache from 17 on, and tables from 19 on. What of them a database does not have is left out, and the rest is added up.
 */
const SIGNAL_PARTS: readonly BacklogPart[] = [
  sequence("registry_signals", "base_registry_signaling"),
  sequence("cache_signals", "base_cache_signaling"),
  ...REGISTRY_CACHES.map((cache) => sequence("cache_signals", `base_cache_signaling_${cache}`)),
  rowsOf("registry_signals", "orm_signaling_registry"),
  ...REGISTRY_CACHES.map((cache) => rowsOf("cache_signals", `orm_signaling_${cache}`)),
];

/** Seconds that something has waited; zero where nothing waits, since an absent figure would look like a gap. */
const waitedSince = (oldest: string): string => `round(coalesce(extract(epoch from min(run.now) - ${oldest}), 0)::numeric, 1)`;

/** BACKLOG_PARTS are read in one statement. Parts that give the same figure are added up. */
export const BACKLOG_PARTS: readonly BacklogPart[] = [
  {
    // Younger ones are carts that a shopper is still filling. The shop's own, from before the run, are no backlog of this run.
    table: "sale_order",
    sql: `select json_build_object('orders_waiting', count(*), 'oldest_order_s', ${waitedSince("min(create_date)")})
from sale_order, run
where state in ('draft', 'sent') and create_date >= run.since and create_date < run.now - interval '1 minute'`,
  },
  {
    // An order that a till has handed over is paid at once, unless Odoo could not process it; a restaurant keeps open ones.
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
    // OCA queue_job: a job with an eta in the future is not late, and one that was handed out and never began is.
    table: "queue_job",
    sql: `select json_build_object('jobs_waiting', count(*) filter (where due), 'jobs_failed', count(*) filter (where state = 'failed'),
  'oldest_job_s', ${waitedSince("min(date_created) filter (where due)")})
from (select *, state in ('pending', 'enqueued') and (eta is null or eta <= (now() at time zone 'UTC')) as due
  from (select state, eta, date_created from queue_job where state in ('pending', 'enqueued', 'failed')) open) jobs, run`,
  },
  {
    // Odoo looks once a minute and moves `nextcall` on when the job is done, so up to a good minute is no lateness.
    table: "ir_cron",
    sql: `select json_build_object('crons_overdue', count(*), 'cron_lateness_s', ${waitedSince("min(nextcall)")})
from ir_cron, run where active and nextcall < run.now`,
  },
  {
    // From 18 on Odoo counts how often in a row a scheduled job failed, and gives it up in the end.
    table: "ir_cron",
    column: "failure_count",
    sql: "select json_build_object('crons_failing', count(*)) from ir_cron where active and failure_count > 0",
  },
  ...SIGNAL_PARTS,
];

/** Opened is what the probe found at its first look. */
interface Opened {
  /** Time of the database, UTC without a zone. */
  readonly since: string;
  /** Null where no table can be read. */
  readonly sql: string | null;
  readonly tables: readonly ReadableTableRow[];
}

/** backlogProbe reads what waits in one arm's Odoo: orders, mails, jobs, scheduled jobs, pickings. It needs the invariants role. */
export function backlogProbe(arm: Arm, dsn: string, options: { everyMs: number }): Probe {
  const session = openPostgresSession(dsn);
  const looks = new Map<string, Look[]>();
  let opened: Opened | null = null;

  /** tables says how many tables are read, and which one is there and may not be read. */
  function tables(found: Opened, timeMs: number): readonly Reading[] {
    const refused = found.tables.filter(({ present, readable }) => present && !readable);
    return [
      ...observe({ timeMs, arm, probe: "backlog" }, { backlog_tables: found.tables.filter(({ readable }) => readable).length }),
      ...refused.flatMap(({ table }) => observe({ timeMs, arm, probe: "backlog", labels: { table } }, { backlog_unreadable: 1 })),
    ];
  }

  async function sample(): Promise<readonly Reading[]> {
    const atFirst = opened === null;
    opened ??= await open(session);
    const { since, sql } = opened;
    const rows = sql === null ? [] : await session.query<{ figures: Record<string, number | null> }>(sql, [since]);
    const timeMs = Date.now();
    const figures = addUp(rows.map((row) => row.figures));
    return [
      ...observe({ timeMs, arm, probe: "backlog" }, { ...figures, ...drains(figures, timeMs, looks) }),
      ...(atFirst ? tables(opened, timeMs) : []),
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

/** Look is one moment's size of a backlog. */
export interface Look {
  readonly timeMs: number;
  readonly size: number;
}

/**
 * drainMinutes says in how many minutes a backlog will be gone if it goes on falling as it did over the looks: its size over the
 * slope of a straight line through them. Null where it grows, or did not fall by as much as one thing.
 */
export function drainMinutes(looks: readonly Look[]): number | null {
  const [first, last] = [looks[0], looks.at(-1)];
  if (first === undefined || last === undefined) return null;
  if (last.size === 0) return 0;
  if (looks.length < FEWEST_LOOKS) return null;
  const meanMs = looks.reduce((sum, { timeMs }) => sum + timeMs, 0) / looks.length;
  const meanSize = looks.reduce((sum, { size }) => sum + size, 0) / looks.length;
  const spread = looks.reduce((sum, { timeMs }) => sum + (timeMs - meanMs) ** 2, 0);
  if (spread === 0) return null;
  const perMs = looks.reduce((sum, { timeMs, size }) => sum + (timeMs - meanMs) * (size - meanSize), 0) / spread;
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

/** addUp joins the figures of all parts; one that several of them give is their sum, and null where none of them knows it. */
function addUp(parts: readonly Figures[]): Figures {
  const sums: Record<string, number | null> = {};
  for (const [name, value] of parts.flatMap((part) => Object.entries(part))) {
    sums[name] = value === null ? (sums[name] ?? null) : (sums[name] ?? 0) + value;
  }
  return sums;
}

function drains(figures: Figures, timeMs: number, looks: Map<string, Look[]>): Record<string, number | null> {
  const told: Record<string, number | null> = {};
  for (const [waiting, name] of Object.entries(DRAINING)) {
    const size = figures[waiting] ?? null;
    if (size === null) continue;
    const recent = [...(looks.get(waiting) ?? []), { timeMs, size }].filter((look) => look.timeMs > timeMs - TREND_MS);
    looks.set(waiting, recent);
    told[name] = drainMinutes(recent);
  }
  return told;
}

function sequence(name: string, table: string): BacklogPart {
  return { table, sql: `select json_build_object('${name}', last_value) from ${table}` };
}

function rowsOf(name: string, table: string): BacklogPart {
  return { table, sql: `select json_build_object('${name}', max(id)) from ${table}` };
}

/** backlogSql joins parts into one statement; $1 is when the probe began. */
function backlogSql(parts: readonly BacklogPart[]): string {
  const run = "with run as (select $1::timestamp as since, now() at time zone 'UTC' as now)";
  return `${run}\n${parts.map(({ sql }) => `select figures from (${sql}) as part (figures)`).join("\nunion all ")}`;
}
