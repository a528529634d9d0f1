import { openPostgresSession, type PostgresCluster } from "./connection.ts";
import { type StatementExtensionRow, statementExtensionSql } from "./statements.ts";

/** OwnWork tells how long PostgreSQL has worked for the harness's own roles. */
export interface OwnWork {
  /** Milliseconds on all servers together; null where one of them does not tell it. */
  ms(): Promise<number | null>;
  close(): Promise<void>;
}

/** ownWork asks pg_stat_statements of each server. */
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

/** OwnStatementsRow is how long the server has worked on statements of our own roles, as pg_stat_statements knows it. */
interface OwnStatementsRow {
  readonly own_exec_ms: number;
}

/**
 * ownStatementsSql leaves roles out that own a database: their statements are Odoo's. It leaves itself out as well, known by the
 * name of its answer, since it may cost more than what is measured by it. $1 are the names of our roles.
 */
function ownStatementsSql(schema: string): string {
  return `
select coalesce(sum(s.total_exec_time), 0)::float8 as own_exec_ms
from ${schema}.pg_stat_statements(true) s
where s.query not like '%own_exec_ms%' and s.userid = any (array(select oid from pg_roles where rolname = any($1) and oid not in (select datdba from pg_database)))`;
}
