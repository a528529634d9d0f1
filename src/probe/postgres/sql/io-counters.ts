/** IoCountersRow is what one kind of server process made the kernel read and write for tables and indexes. */
export interface IoCountersRow {
  /** As PostgreSQL calls it, such as `client backend` or `checkpointer`. */
  readonly backend: string;
  readonly io_read_bytes: number;
  readonly io_write_bytes: number;
  readonly io_extend_bytes: number;
  readonly io_read_ms: number;
  readonly io_write_ms: number;
  readonly io_evictions: number;
  readonly io_fsyncs: number;
}

/** ioCountersSql reads pg_stat_io, which is there from 16 on; 18 counts bytes itself, before that every operation was a page. */
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
