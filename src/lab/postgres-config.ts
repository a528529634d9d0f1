/**
 * renderPostgresConfig renders postgresql.conf. Durability stays on (fsync, synchronous_commit), since WAL and commits are part
 * of what is judged; checkpoints are far apart, because one in the middle of a run would hit both arms at a random moment.
 * Autovacuum comes to each database once in `autovacuum_naptime`, to one after the other. With the default of a minute one arm got
 * its new statistics and lost its dead rows up to a minute before the other, which is most of a run of 90 s. At 10 s that is one
 * block at most. It stays on: a shop has it too, and a long campaign without it would bloat.
 * Utility statements are not tracked: Odoo names each savepoint anew, and those would push the real statements out.
 */
export function renderPostgresConfig(options: { port: number; socketFolder: string }): string {
  return `listen_addresses = '127.0.0.1'
port = ${options.port}
unix_socket_directories = '${options.socketFolder}'
password_encryption = 'scram-sha-256'
max_connections = 200
shared_buffers = '256MB'
max_wal_size = '4GB'
checkpoint_timeout = '15min'
checkpoint_completion_target = 0.9
fsync = on
synchronous_commit = on
shared_preload_libraries = 'pg_stat_statements'
pg_stat_statements.max = 20000
pg_stat_statements.track = 'top'
pg_stat_statements.track_utility = off
autovacuum_naptime = 10s
track_io_timing = on
log_line_prefix = '%m [%p] %d '
log_autovacuum_min_duration = 0
log_checkpoints = on
log_lock_waits = on
log_timezone = 'UTC'
timezone = 'UTC'
`;
}

/** POSTGRES_ACCESS is pg_hba.conf: passwords over loopback, and on the socket only the operating system's own user postgres. */
export const POSTGRES_ACCESS = `local all postgres peer
host all all 127.0.0.1/32 scram-sha-256
`;
