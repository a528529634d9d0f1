import type { Probe, Reading } from "../../domain/reading.ts";
import { fromZero, observe, sampleAndClose } from "../sampling/readings.ts";
import { openPostgresSession, type PostgresCluster } from "./connection.ts";

/** serverProbe reads values of the whole server that need no reading every second: replication, archive, I/O, kinds of WAL. */
export function serverProbe(cluster: PostgresCluster, options: { everyMs: number }): Probe {
  const session = openPostgresSession(cluster.dsn);
  const complete = fromZero();

  async function sample(): Promise<readonly Reading[]> {
    const version = await session.version();
    const [ioSql, walSql] = [ioCountersSql(version), walCountersSql(version)];
    const replication = await session.query<ReplicationRow>(replicationSql);
    const io = ioSql === null ? [] : await session.query<IoCountersRow>(ioSql);
    const wal = walSql === null ? [] : await session.query<WalCountersRow>(walSql);
    const observation = { timeMs: Date.now(), arm: cluster.arm, probe: "postgres" } as const;
    return [
      ...[...replication, ...wal].flatMap((figures) => observe(observation, { ...figures })),
      ...complete(io.flatMap(({ backend, ...counters }) => observe({ ...observation, labels: { backend } }, counters))),
    ];
  }

  return {
    name: `${cluster.name}-server`,
    everyMs: options.everyMs,
    start: sample,
    sample,
    stop: () => sampleAndClose(sample, session),
  };
}

/** IoCountersRow counts the reads and writes of one kind of server process for tables and indexes. */
interface IoCountersRow {
  /** Backend type in PostgreSQL's words, such as `client backend` or `checkpointer`. */
  readonly backend: string;
  readonly io_read_bytes: number;
  readonly io_write_bytes: number;
  readonly io_extend_bytes: number;
  readonly io_read_ms: number;
  readonly io_write_ms: number;
  readonly io_evictions: number;
  readonly io_fsyncs: number;
}

/**
 * ioCountersSql reads pg_stat_io, which exists from 16 on. PostgreSQL 18 counts bytes; before that, every operation was a page.
 */
export function ioCountersSql(version: number): string | null {
  if (version < 160_000) return null;
  const bytes = (what: "read" | "write" | "extend") => (version >= 180_000 ? `${what}_bytes` : `${what}s * op_bytes`);
  const sum = (expression: string, name: string) => `coalesce(sum(${expression}), 0)::float8 as ${name}`;
  return `
select backend_type as backend,
  ${sum(bytes("read"), "io_read_bytes")},
  ${sum(bytes("write"), "io_write_bytes")},
  ${sum(bytes("extend"), "io_extend_bytes")},
  ${sum("read_time", "io_read_ms")},
  ${sum("write_time", "io_write_ms")},
  ${sum("evictions", "io_evictions")},
  ${sum("fsyncs", "io_fsyncs")}
from pg_stat_io where object = 'relation' and backend_type <> 'standalone backend'
group by 1 having coalesce(sum(reads), 0) + coalesce(sum(writes), 0) + coalesce(sum(extends), 0) > 0`;
}

/** WalCountersRow counts what was written to the WAL. */
interface WalCountersRow {
  readonly wal_records: number;
  /** Full pages, written after each checkpoint. This WAL depends on the time of checkpoints, not on the work. */
  readonly wal_full_pages: number;
  readonly wal_buffers_full: number;
}

/** walCountersSql reads pg_stat_wal, which exists from 14 on. */
export function walCountersSql(version: number): string | null {
  if (version < 140_000) return null;
  return `
select wal_records::float8 as wal_records, wal_fpi::float8 as wal_full_pages, wal_buffers_full::float8 as wal_buffers_full
from pg_stat_wal`;
}

/** ReplicationRow holds values of the server's replicas, slots and archive. Null where there are none or they are idle. */
interface ReplicationRow {
  readonly replicas: number;
  /** Lag of the replica that is furthest behind, in bytes of WAL and as the delay of its last replay. */
  readonly replication_lag_bytes: number | null;
  readonly replication_lag_ms: number | null;
  readonly replication_slots_inactive: number;
  /** WAL that the slot furthest behind keeps on the disk. */
  readonly slot_retained_bytes: number | null;
  /** Only on a standby: the age of the last transaction that it has replayed. */
  readonly standby_delay_ms: number | null;
  readonly archived_files: number;
}

/** replicationSql works on 13 to 18. A base backup is listed as a replica and replays nothing. It needs pg_monitor. */
const replicationSql = `
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
