/** StatementTextsRow is one entry of pg_stat_statements with its text. */
export interface StatementTextsRow {
  readonly database: string;
  readonly text: string;
  readonly calls: number;
  readonly exec_ms: number;
  readonly rows: number;
  readonly blocks: number;
  readonly wal_bytes: number;
}

/** statementTextsSql is asked twice, before and after the load: it makes the server read its file of texts. $2 are our own roles. */
export function statementTextsSql(version: number, schema: string): string {
  return `
select d.datname as database, s.query as text,
  s.calls::float8 as calls,
  s.total_exec_time::float8 as exec_ms,
  s.rows::float8 as rows,
  (s.shared_blks_hit + s.shared_blks_read + s.local_blks_hit + s.local_blks_read
    + s.temp_blks_read + s.temp_blks_written)::float8
    as blocks,
  s.wal_bytes::float8 as wal_bytes
from ${schema}.pg_stat_statements(true) s
join pg_database d on d.oid = s.dbid
where d.datname = any($1) and s.query is not null and s.userid <> (select oid from pg_roles where rolname = current_user)
  and (s.userid = d.datdba or s.userid <> all (array(select oid from pg_roles where rolname = any($2))))
${version >= 140_000 ? "and s.toplevel" : ""}`;
}
