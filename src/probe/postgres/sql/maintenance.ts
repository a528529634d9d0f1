/** MaintenanceRow counts server work that disturbs a measurement while it runs; database is null for the whole server. */
export interface MaintenanceRow {
  readonly database: string | null;
  readonly kind: string;
  /** `server`: autovacuum. `odoo`: the role that owns the database, which is Odoo's. `other`: anybody else, such as a backup job. */
  readonly by: "server" | "odoo" | "other";
  readonly running: number;
}

/**
 * maintenanceSql sees autovacuum workers by their backend type, builds, copies and base backups by the progress views, and logical
 * backups by the name that pg_dump and its kin give their sessions. Their own copies are not counted twice.
 */
export function maintenanceSql(version: number): string {
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
