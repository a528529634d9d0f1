/** StatementTotalsRow sums what pg_stat_statements holds of one database, without the probe's own role; zeros for nothing. */
export interface StatementTotalsRow {
  readonly database: string;
  readonly entries: number;
  readonly statements: number;
  readonly exec_ms: number;
  readonly rows: number;
  readonly blocks: number;
  readonly wal_bytes: number;
}

/**
 * statementTotalsSql leaves the query texts unread (`showtext` false): they lie in a file that would be read each time.
 * $2 are the names of our own roles; one that owns the database is Odoo's as well and stays in.
 * From 14 on, statements inside functions are told apart and left out, since their callers already count their time.
 */
export function statementTotalsSql(version: number, schema: string): string {
  return `
select d.datname as database,
  count(s.dbid)::float8 as entries,
  coalesce(sum(s.calls), 0)::float8 as statements,
  coalesce(sum(s.total_exec_time), 0)::float8 as exec_ms,
  coalesce(sum(s.rows), 0)::float8 as rows,
  coalesce(sum(s.shared_blks_hit + s.shared_blks_read + s.local_blks_hit + s.local_blks_read
    + s.temp_blks_read + s.temp_blks_written), 0)::float8 as blocks,
  coalesce(sum(s.wal_bytes), 0)::float8 as wal_bytes
from pg_database d
left join ${schema}.pg_stat_statements(false) s on s.dbid = d.oid
  and s.userid <> (select oid from pg_roles where rolname = current_user)
  and (s.userid = d.datdba or s.userid <> all (array(select oid from pg_roles where rolname = any($2))))
  ${version >= 140_000 ? "and s.toplevel" : ""}
where d.datname = any($1)
group by 1`;
}
