/** StatementExtensionRow says where pg_stat_statements was created in this database; no row means that it was not. */
export interface StatementExtensionRow {
  /** Quoted as an identifier. */
  readonly schema: string;
}

export const statementExtensionSql = `
select quote_ident(n.nspname) as schema
from pg_extension e join pg_namespace n on n.oid = e.extnamespace
where e.extname = 'pg_stat_statements'`;
