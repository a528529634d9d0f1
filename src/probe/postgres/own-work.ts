import type { PostgresCluster } from "./postgres-cluster.ts";
import { openPostgresSession } from "./postgres-session.ts";
import type { OwnStatementsRow } from "./sql/own-statements.ts";
import { ownStatementsSql } from "./sql/own-statements.ts";
import type { StatementExtensionRow } from "./sql/statement-extension.ts";
import { statementExtensionSql } from "./sql/statement-extension.ts";

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
