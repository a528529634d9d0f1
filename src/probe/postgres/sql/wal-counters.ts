/** WalCountersRow says what the WAL was made of. */
export interface WalCountersRow {
  readonly wal_records: number;
  /** Whole pages, written after each checkpoint: WAL that follows from its place in time and not from the work. */
  readonly wal_full_pages: number;
  readonly wal_buffers_full: number;
}

/** walCountersSql reads pg_stat_wal, which is there from 14 on. */
export function walCountersSql(version: number): string | null {
  if (version < 140_000) return null;
  return `
select wal_records::float8 as wal_records, wal_fpi::float8 as wal_full_pages, wal_buffers_full::float8 as wal_buffers_full
from pg_stat_wal`;
}
