/** Tuples and blocks are counted per database since the last reset of the statistics; times are milliseconds. */
export interface DatabaseCountersRow {
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
  /** From 14 on: sessions begun, and those that ended because the client was lost, by a fatal error, or because they were ended. */
  readonly sessions_started?: number;
  readonly sessions_abandoned?: number;
  readonly sessions_fatal?: number;
  readonly sessions_killed?: number;
  readonly session_active_ms?: number;
  readonly session_idle_in_transaction_ms?: number;
}

const SESSION_COUNTERS = `,
  sessions::float8 as sessions_started,
  sessions_abandoned::float8 as sessions_abandoned,
  sessions_fatal::float8 as sessions_fatal,
  sessions_killed::float8 as sessions_killed,
  active_time as session_active_ms,
  idle_in_transaction_time as session_idle_in_transaction_ms`;

/** databaseCountersSql reads the counters of databases; those of sessions are there from 14 on. */
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
