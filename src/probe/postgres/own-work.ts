import { openPostgresSession, type PostgresCluster } from "./connection.ts";
import { type StatementExtensionRow, statementExtensionSql } from "./statements.ts";

/** OwnWork measures how long PostgreSQL has worked for the harness's own roles. */
export interface OwnWork {
  /** Milliseconds on all servers together. Null where a server does not show the time. */
  ms(): Promise<number | null>;
  close(): Promise<void>;
}

/** ownWork reads pg_stat_statements of each server. */
export function ownWork(clusters: readonly PostgresCluster[]): OwnWork {
  const servers = clusters.map(({ dsn, roles }) => ({ dsn, roles, session: openPostgresSession(dsn) }));
  const schemas = new Map<string, string>();

  async function ms(): Promise<number | null> {
    let sum = 0;
    for (const { dsn, roles, session } of servers) {
      const schema = schemas.get(dsn) ?? (await session.query<StatementExtensionRow>(statementExtensionSql))[0]?.schema;
      if (schema === undefined) return null;
      schemas.set(dsn, schema);
      sum += (await session.query<OwnStatementsRow>(ownStatementsSql(schema), [roles]))[0]?.own_exec_ms ?? 0;
    }
    return servers.length === 0 ? null : sum;
  }

  return {
    ms: () => ms().catch(() => null),
    close: async () => void (await Promise.all(servers.map(({ session }) => session.close()))),
  };
}

/** OwnStatementsRow is the execution time of statements of the harness's own roles, according to pg_stat_statements. */
interface OwnStatementsRow {
  readonly own_exec_ms: number;
}

/**
 * ownStatementsSql excludes roles that own a database, because their statements are Odoo's. It also excludes itself, by the name
 * of its column, because it may cost more than the work that it measures. $1 are the names of the harness's roles.
 */
function ownStatementsSql(schema: string): string {
  return `
select coalesce(sum(s.total_exec_time), 0)::float8 as own_exec_ms
from ${schema}.pg_stat_statements(true) s
where s.query not like '%own_exec_ms%' and s.userid = any (array(select oid from pg_roles where rolname = any($1) and oid not in (select datdba from pg_database)))`;
}
