/** MaintenanceRow counts server work that disturbs a measurement while it runs; database is null for the whole server. */
export interface MaintenanceRow {
  readonly database: string | null;
  readonly kind: string;
  readonly running: number;
}

/** maintenanceSql sees autovacuum workers by their backend type, and builds, copies and backups by the progress views. */
export function maintenanceSql(version: number): string {
  const copy = "union all select datname, 'copy', count(*)::int from pg_stat_progress_copy group by 1";
  const copies = version >= 140_000 ? copy : "";
  return `
select datname as database, 'autovacuum' as kind, count(*)::int as running
  from pg_stat_activity where backend_type = 'autovacuum worker' group by 1
union all select datname, 'vacuum', count(*)::int from pg_stat_progress_vacuum group by 1
union all select datname, 'analyze', count(*)::int from pg_stat_progress_analyze group by 1
union all select datname, 'create_index', count(*)::int from pg_stat_progress_create_index group by 1
union all select datname, 'cluster', count(*)::int from pg_stat_progress_cluster group by 1
union all select null, 'basebackup', count(*)::int from pg_stat_progress_basebackup
${copies}`;
}
