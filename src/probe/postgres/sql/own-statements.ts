/** OwnStatementsRow is how long the server has worked on statements of our own roles, as pg_stat_statements knows it. */
export interface OwnStatementsRow {
  readonly own_exec_ms: number;
}

/**
 * ownStatementsSql leaves roles out that own a database: their statements are Odoo's. It leaves itself out as well, known by the
 * name of its answer, since it may cost more than what is measured by it. $1 are the names of our roles.
 */
export function ownStatementsSql(schema: string): string {
  return `
select coalesce(sum(s.total_exec_time), 0)::float8 as own_exec_ms
from ${schema}.pg_stat_statements(true) s
where s.query not like '%own_exec_ms%' and s.userid = any (array(select oid from pg_roles where rolname = any($1) and oid not in (select datdba from pg_database)))`;
}
