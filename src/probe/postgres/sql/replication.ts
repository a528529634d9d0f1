/** ReplicationRow holds figures of the server's replicas, slots and archive; null where there are none, or where they are idle. */
export interface ReplicationRow {
  readonly replicas: number;
  /** Of the replica that is furthest behind, in bytes of WAL and in the time that its last replay took. */
  readonly replication_lag_bytes: number | null;
  readonly replication_lag_ms: number | null;
  readonly replication_slots_inactive: number;
  /** WAL that the most backward slot keeps on the disk. */
  readonly slot_retained_bytes: number | null;
  /** Of a standby itself: how old the last transaction is that it has replayed. */
  readonly standby_delay_ms: number | null;
  readonly archived_files: number;
}

/** replicationSql is the same from 13 to 18. A base backup shows among the replicas and replays nothing. Needs pg_monitor. */
export const replicationSql = `
with here as (select case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end as lsn)
select (select count(*) from pg_stat_replication r where r.replay_lsn is not null)::int as replicas,
  (select max(pg_wal_lsn_diff(here.lsn, r.replay_lsn)) from pg_stat_replication r)::float8 as replication_lag_bytes,
  (select max(extract(epoch from r.replay_lag)) * 1000 from pg_stat_replication r)::float8 as replication_lag_ms,
  (select count(*) from pg_replication_slots s where not s.active)::int as replication_slots_inactive,
  (select max(pg_wal_lsn_diff(here.lsn, s.restart_lsn)) from pg_replication_slots s)::float8 as slot_retained_bytes,
  (case when pg_is_in_recovery() then extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000 end)::float8
    as standby_delay_ms,
  (select archived_count from pg_stat_archiver)::float8 as archived_files
from here`;
