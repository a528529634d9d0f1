/** ClusterCountersRow holds figures of the whole server. */
export interface ClusterCountersRow {
  readonly wal_bytes: number;
  readonly checkpoints: number;
  readonly checkpoints_requested: number;
  readonly checkpoint_write_ms: number;
  readonly checkpoint_buffers: number;
  readonly archive_failures: number;
  /** Epoch milliseconds; a change of either means that counters started anew. */
  readonly server_start_ms: number;
  readonly stats_reset_ms: number | null;
}

/**
 * clusterCountersSql reads WAL and checkpoints. PostgreSQL 17 moved the checkpoint columns from pg_stat_bgwriter to
 * pg_stat_checkpointer. A standby writes no WAL of its own: there the position that it has replayed is the figure.
 */
export function clusterCountersSql(version: number): string {
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
