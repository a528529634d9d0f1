/** SettingRow is one setting as SHOW writes it; database is null for the whole server. */
export interface SettingRow {
  readonly database: string | null;
  readonly name: string;
  readonly setting: string;
}

/** COMPARED_SETTINGS change what the same statement costs, or how much room it has. None of them holds a secret. */
export const COMPARED_SETTINGS = [
  "autovacuum",
  "autovacuum_max_workers",
  "autovacuum_naptime",
  "autovacuum_vacuum_cost_delay",
  "autovacuum_vacuum_cost_limit",
  "autovacuum_vacuum_scale_factor",
  "checkpoint_completion_target",
  "checkpoint_timeout",
  "commit_delay",
  "default_statistics_target",
  "effective_cache_size",
  "effective_io_concurrency",
  "fsync",
  "full_page_writes",
  "jit",
  "log_min_duration_statement",
  "log_statement",
  "maintenance_work_mem",
  "max_connections",
  "max_parallel_workers_per_gather",
  "max_wal_size",
  "pg_stat_statements.max",
  "pg_stat_statements.track",
  "random_page_cost",
  "server_version",
  "shared_buffers",
  "synchronous_commit",
  "temp_buffers",
  "track_io_timing",
  "wal_compression",
  "wal_level",
  "work_mem",
];

/** serverSettingsSql reads the server's settings, and those that a database of $2 has for itself (`ALTER DATABASE ... SET`). */
export const serverSettingsSql = `
select null as database, name, current_setting(name) as setting from pg_settings where name = any($1)
union all select d.datname, split_part(c.entry, '=', 1), substr(c.entry, strpos(c.entry, '=') + 1)
from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase cross join unnest(s.setconfig) c (entry)
where s.setrole = 0 and d.datname = any($2) and split_part(c.entry, '=', 1) = any($1)
union all select datname, 'collation', datcollate from pg_database where datname = any($2)
order by 1, 2`;
