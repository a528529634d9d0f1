/** ReadinessRow is what decides whether a server can be watched well. Settings are null where the role may not see them. */
export interface ReadinessRow {
  readonly version: string;
  readonly role: string;
  readonly monitor: boolean;
  readonly owner: boolean;
  readonly database_exists: boolean;
  readonly io_timing: string | null;
  readonly track_utility: string | null;
}

export const readinessSql = `
select current_setting('server_version') as version,
  current_user as role,
  pg_has_role(current_user, 'pg_read_all_stats', 'usage') as monitor,
  coalesce((select datdba = (select oid from pg_roles where rolname = current_user) from pg_database where datname = $1), false)
    as owner,
  exists (select from pg_database where datname = $1) as database_exists,
  current_setting('track_io_timing', true) as io_timing,
  current_setting('pg_stat_statements.track_utility', true) as track_utility`;
