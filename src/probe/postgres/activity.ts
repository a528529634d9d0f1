import type { Arm } from "../../domain/arm.ts";
import type { Probe, Reading } from "../../domain/reading.ts";
import { observe, sampleAndClose } from "../sampling/readings.ts";
import { openPostgresSession, type PostgresCluster, type PostgresSession } from "./connection.ts";
import { dataReadings, settingReadings } from "./start-readings.ts";

/**
 * States and waits that always have a reading, also of zero: a missing reading would appear as a gap. Other wait types
 * (Extension, Activity, InjectionPoint) are not counted.
 */
const STATES = ["active", "idle", "idle in transaction", "idle in transaction (aborted)"];
const WAITS = ["none", "Lock", "LWLock", "IO", "IPC", "Client", "BufferPin", "Timeout"];

const SESSION_COUNTERS = `,
  sessions::float8 as sessions_started,
  sessions_abandoned::float8 as sessions_abandoned,
  sessions_fatal::float8 as sessions_fatal,
  sessions_killed::float8 as sessions_killed,
  active_time as session_active_ms,
  idle_in_transaction_time as session_idle_in_transaction_ms`;

/** postgresProbe reads counters, sessions, waits and locks of the arms' databases, and WAL and checkpoints of their server. */
export function postgresProbe(cluster: PostgresCluster, options: { everyMs: number }): Probe {
  const session = openPostgresSession(cluster.dsn);
  const databases = [...cluster.arms.keys()];

  async function sample(): Promise<readonly Reading[]> {
    const version = await session.version();
    const sessions = await session.query<SessionsRow>(sessionsSql, [databases]);
    const timeMs = Date.now();
    return [
      ...sessionReadings(sessions, cluster.arms, timeMs),
      ...(await databaseReadings(session, cluster.arms, version)),
      ...(await clusterReadings(session, cluster, version)),
      ...(await maintenanceReadings(session, cluster, version)),
    ];
  }

  return {
    name: cluster.name,
    everyMs: options.everyMs,
    start: async () => [
      ...(await sample()),
      ...(await settingReadings(session, cluster)),
      ...(await dataReadings(session, cluster)),
    ],
    sample,
    stop: () => sampleAndClose(sample, session),
  };
}

/**
 * SessionsRow counts the backends of one database in one state and wait type. A null wait type of an active backend means that it
 * uses the CPU.
 */
export interface SessionsRow {
  readonly database: string;
  readonly state: string;
  readonly wait_type: string | null;
  readonly sessions: number;
  /** Backends that wait for a lock that another backend holds. */
  readonly blocked: number;
  readonly oldest_transaction_ms: number;
}

/** sessionReadings counts sessions by state, active sessions by wait type, and sessions that wait for another session's lock. */
export function sessionReadings(
  rows: readonly SessionsRow[],
  arms: ReadonlyMap<string, Arm>,
  timeMs: number,
): readonly Reading[] {
  return [...arms].flatMap(([database, arm]) => {
    const own = rows.filter((row) => row.database === database);
    const active = own.filter((row) => row.state === "active");
    const states = STATES.map((state) => [`sessions_${word(state)}`, count(own.filter((row) => row.state === state))]);
    return [
      ...observe(
        { timeMs, arm, probe: "postgres" },
        {
          ...Object.fromEntries(states),
          sessions: count(own),
          locks_waiting: own.reduce((sum, row) => sum + row.blocked, 0),
          oldest_transaction_ms: Math.max(0, ...own.map((row) => row.oldest_transaction_ms)),
        },
      ),
      ...WAITS.flatMap((type) => {
        const waiting = active.filter((row) => (row.wait_type ?? "none") === type);
        return observe({ timeMs, arm, probe: "postgres", labels: { type } }, { waits: count(waiting) });
      }),
    ];
  });
}

/** DatabaseCountersRow holds counters of one database since the last reset of the statistics. Times are milliseconds. */
interface DatabaseCountersRow {
  readonly database: string;
  readonly commits: number;
  readonly rollbacks: number;
  readonly deadlocks: number;
  readonly conflicts: number;
  readonly temp_files: number;
  readonly temp_bytes: number;
  readonly blocks_hit: number;
  readonly blocks_read: number;
  readonly block_read_ms: number;
  readonly block_write_ms: number;
  readonly tuples_returned: number;
  readonly tuples_fetched: number;
  readonly tuples_written: number;
  /**
   * PostgreSQL 14 and later: sessions that were started, and sessions that ended because of a lost client, a fatal error, or a
   * termination.
   */
  readonly sessions_started?: number;
  readonly sessions_abandoned?: number;
  readonly sessions_fatal?: number;
  readonly sessions_killed?: number;
  readonly session_active_ms?: number;
  readonly session_idle_in_transaction_ms?: number;
}

/** databaseCountersSql reads the counters of databases. PostgreSQL 14 and later also count sessions. */
export function databaseCountersSql(version: number): string {
  return `
select datname as database,
  xact_commit::float8 as commits,
  xact_rollback::float8 as rollbacks,
  deadlocks::float8 as deadlocks,
  conflicts::float8 as conflicts,
  temp_files::float8 as temp_files,
  temp_bytes::float8 as temp_bytes,
  blks_hit::float8 as blocks_hit,
  blks_read::float8 as blocks_read,
  blk_read_time as block_read_ms,
  blk_write_time as block_write_ms,
  tup_returned::float8 as tuples_returned,
  tup_fetched::float8 as tuples_fetched,
  (tup_inserted + tup_updated + tup_deleted)::float8 as tuples_written${version >= 140_000 ? SESSION_COUNTERS : ""}
from pg_stat_database
where datname = any($1)`;
}

function count(rows: readonly SessionsRow[]): number {
  return rows.reduce((sum, row) => sum + row.sessions, 0);
}

function word(state: string): string {
  return state.replaceAll(/[^a-z]+/g, "_").replace(/_$/, "");
}

async function databaseReadings(
  session: PostgresSession,
  arms: ReadonlyMap<string, Arm>,
  version: number,
): Promise<readonly Reading[]> {
  const rows = await session.query<DatabaseCountersRow>(databaseCountersSql(version), [[...arms.keys()]]);
  const timeMs = Date.now();
  return rows.flatMap(({ database, ...counters }) =>
    observe({ timeMs, arm: arms.get(database) ?? null, probe: "postgres" }, counters),
  );
}

async function clusterReadings(session: PostgresSession, cluster: PostgresCluster, version: number): Promise<readonly Reading[]> {
  const rows = await session.query<ClusterCountersRow>(clusterCountersSql(version));
  const timeMs = Date.now();
  return rows.flatMap((counters) => observe({ timeMs, arm: cluster.arm, probe: "postgres" }, { ...counters }));
}

/** maintenanceReadings counts running maintenance work. The number of autovacuum workers always has a reading for each arm. */
async function maintenanceReadings(
  session: PostgresSession,
  cluster: PostgresCluster,
  version: number,
): Promise<readonly Reading[]> {
  const rows = await session.query<MaintenanceRow>(maintenanceSql(version));
  const timeMs = Date.now();
  const autovacuum = [...cluster.arms].flatMap(([database, arm]) => {
    const running = rows.find((row) => row.kind === "autovacuum" && row.database === database)?.running ?? 0;
    return observe({ timeMs, arm, probe: "postgres" }, { autovacuum_workers: running });
  });
  const others = rows
    .filter(({ kind, running }) => kind !== "autovacuum" && running > 0)
    .flatMap(({ database, kind, by, running }) => {
      const arm = (database === null ? null : cluster.arms.get(database)) ?? cluster.arm;
      return observe({ timeMs, arm, probe: "postgres", labels: { kind, by } }, { maintenance: running });
    });
  return [...autovacuum, ...others];
}

/**
 * sessionsSql calls pg_blocking_pids only for backends that wait for a lock, because it locks the lock manager for a moment. The
 * probe's own sessions are excluded by their application name.
 */
const sessionsSql = `
select datname as database, coalesce(state, 'unknown') as state, wait_event_type as wait_type,
  count(*)::int as sessions,
  (count(*) filter (where case when wait_event_type = 'Lock' then cardinality(pg_blocking_pids(pid)) > 0 else false end))::int
    as blocked,
  coalesce(extract(epoch from max(clock_timestamp() - xact_start)) * 1000, 0)::float8 as oldest_transaction_ms
from pg_stat_activity
where datname = any($1) and backend_type = 'client backend' and application_name <> 'peakproof'
group by 1, 2, 3`;

/** ClusterCountersRow holds counters of the whole server. */
interface ClusterCountersRow {
  readonly wal_bytes: number;
  readonly checkpoints: number;
  readonly checkpoints_requested: number;
  readonly checkpoint_write_ms: number;
  readonly checkpoint_buffers: number;
  readonly archive_failures: number;
  /** Epoch milliseconds. A change of either value means that the counters were reset. */
  readonly server_start_ms: number;
  readonly stats_reset_ms: number | null;
}

/**
 * clusterCountersSql reads WAL and checkpoints. PostgreSQL 17 moved the checkpoint columns from pg_stat_bgwriter to
 * pg_stat_checkpointer. A standby writes no WAL, so its replay position is read instead.
 */
function clusterCountersSql(version: number): string {
  const view = version >= 170_000 ? "pg_stat_checkpointer" : "pg_stat_bgwriter";
  const [timed, requested, write, buffers] =
    version >= 170_000
      ? ["num_timed", "num_requested", "write_time", "buffers_written"]
      : ["checkpoints_timed", "checkpoints_req", "checkpoint_write_time", "buffers_checkpoint"];
  return `
select
  (case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end - '0/0'::pg_lsn)::float8
    as wal_bytes,
  (c.${timed} + c.${requested})::float8 as checkpoints,
  c.${requested}::float8 as checkpoints_requested,
  c.${write}::float8 as checkpoint_write_ms,
  c.${buffers}::float8 as checkpoint_buffers,
  a.failed_count::float8 as archive_failures,
  (extract(epoch from pg_postmaster_start_time()) * 1000)::float8 as server_start_ms,
  (extract(epoch from c.stats_reset) * 1000)::float8 as stats_reset_ms
from ${view} c cross join pg_stat_archiver a`;
}

/** MaintenanceRow counts server work that disturbs a measurement. The database is null for work on the whole server. */
interface MaintenanceRow {
  readonly database: string | null;
  readonly kind: string;
  /**
   * `server`: autovacuum. `odoo`: the role that owns the database, which is Odoo's. `other`: any other role, such as that of a
   * backup job.
   */
  readonly by: "server" | "odoo" | "other";
  readonly running: number;
}

/**
 * maintenanceSql finds autovacuum workers by their backend type; index builds, copies and base backups by the progress views; and
 * logical backups by the application name of pg_dump and related programs. The copies of a logical backup are not counted twice.
 */
function maintenanceSql(version: number): string {
  const copies =
    version >= 140_000
      ? `union all select p.pid, p.datid, 'copy' from pg_stat_progress_copy p
    join pg_stat_activity a on a.pid = p.pid and a.application_name not like 'pg\\_dump%'`
      : "";
  return `
with work (pid, datid, kind) as (
  select pid, datid, 'autovacuum' from pg_stat_activity where backend_type = 'autovacuum worker'
  union all select pid, datid, 'vacuum' from pg_stat_progress_vacuum
  union all select pid, datid, 'analyze' from pg_stat_progress_analyze
  union all select pid, datid, 'create_index' from pg_stat_progress_create_index
  union all select pid, datid, 'cluster' from pg_stat_progress_cluster
  union all select pid, null, 'basebackup' from pg_stat_progress_basebackup
  union all select pid, datid, 'logical_backup' from pg_stat_activity
    where backend_type = 'client backend' and application_name like 'pg\\_dump%'
  ${copies})
select d.datname as database, w.kind,
  case when a.backend_type = 'autovacuum worker' then 'server' when a.usesysid = d.datdba then 'odoo' else 'other' end as by,
  count(*)::int as running
from work w join pg_stat_activity a on a.pid = w.pid left join pg_database d on d.oid = w.datid
group by 1, 2, 3`;
}
