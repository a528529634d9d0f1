import { Client, DatabaseError, type QueryResultRow } from "pg";

import { type Arm, ARMS } from "../../domain/arm.ts";
import type { Target } from "../../domain/target/target.ts";

/** Limits that keep a probe from waiting for the server, or blocking it. */
const CONNECT_LIMIT_MS = 5_000;
const STATEMENT_LIMIT_MS = 5_000;
const LOCK_LIMIT_MS = 1_000;

/** PostgresSession is one read-only connection. It connects when needed, also again after a lost connection. */
export interface PostgresSession {
  query<Row extends QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** server_version_num, such as 130016. */
  version(): Promise<number>;
  close(): Promise<void>;
}

export function openPostgresSession(dsn: string): PostgresSession {
  let open: { client: Client; version: number } | null = null;

  async function connection(): Promise<{ client: Client; version: number }> {
    open ??= await connect(dsn, () => (open = null));
    return open;
  }

  return {
    async query<Row extends QueryResultRow>(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
      const { client } = await connection();
      try {
        return (await client.query<Row>(sql, [...values])).rows;
      } catch (error) {
        // After an error that is not an answer of the server, the connection may hold half a reply. It is not used again.
        if (!(error instanceof DatabaseError)) {
          open = null;
          await end(client);
        }
        throw error;
      }
    },
    version: async () => (await connection()).version,
    async close() {
      const last = open;
      open = null;
      if (last !== null) await end(last.client);
    },
  };
}

/** PostgresCluster is one PostgreSQL server and the arms with databases on it. */
export interface PostgresCluster {
  /** `postgres`, or `postgres-candidate` where each arm has its own server. */
  readonly name: string;
  readonly dsn: string;
  /** Arm of each database name. */
  readonly arms: ReadonlyMap<string, Arm>;
  /** Each arm's own connection, for values that a server shows only inside the database. */
  readonly connections: readonly { readonly arm: Arm; readonly database: string; readonly dsn: string }[];
  /** Roles of the harness's own connections. Their work is not the work of a release. */
  readonly roles: readonly string[];
  /** Arm of readings of the whole server. Null where both arms share the server. */
  readonly arm: Arm | null;
}

/** postgresClusters groups the arms by server, so that one connection reads both databases at the same time. */
export function postgresClusters(target: Target): readonly PostgresCluster[] {
  const byServer = new Map<string, Omit<PostgresCluster, "name" | "arm" | "arms"> & { arms: Map<string, Arm> }>();
  for (const arm of ARMS) {
    const endpoint = target.arms[arm];
    if (endpoint === undefined || endpoint.probeDsn === null) continue;
    const { probeDsn: dsn, invariantsDsn, database } = endpoint;
    const cluster = byServer.get(serverOf(dsn)) ?? { dsn, arms: new Map<string, Arm>(), connections: [], roles: [] };
    cluster.arms.set(database, arm);
    const connections = [...cluster.connections, { arm, database, dsn }];
    const roles = [dsn, ...(invariantsDsn === null ? [] : [invariantsDsn])].map((own) => roleOf(own));
    byServer.set(serverOf(dsn), { ...cluster, connections, roles: [...new Set([...cluster.roles, ...roles])] });
  }
  const shared = byServer.size < 2;
  return [...byServer.values()].map((cluster) => {
    const arm = shared ? null : ([...cluster.arms.values()][0] ?? null);
    return { name: arm === null ? "postgres" : `postgres-${arm}`, ...cluster, arm };
  });
}

/** describeDsn describes a connection without its password. */
export function describeDsn(dsn: string): string {
  const url = new URL(dsn);
  return `${decodeURIComponent(url.username)}@${serverOf(dsn)}${url.pathname}`;
}

/** isLocal says whether the server runs on this machine, so that its pids can be looked up here. */
export function isLocal(dsn: string): boolean {
  const server = serverOf(dsn);
  return server.startsWith("/") || /^(?:localhost|127\.[\d.]+|\[::1\])?:/.test(server);
}

async function connect(dsn: string, onLost: () => void): Promise<{ client: Client; version: number }> {
  const client = new Client({
    connectionString: dsn,
    application_name: "peakproof",
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    statement_timeout: STATEMENT_LIMIT_MS,
    query_timeout: STATEMENT_LIMIT_MS + 1_000,
    options: `-c default_transaction_read_only=on -c lock_timeout=${LOCK_LIMIT_MS}`,
  });
  // Without a listener a lost idle connection would end the process.
  client.on("error", onLost);
  try {
    await client.connect();
    const answer = await client.query<{ version: number }>("select current_setting('server_version_num')::int as version");
    return { client, version: answer.rows[0]?.version ?? 0 };
  } catch (error) {
    await end(client);
    throw error;
  }
}

/** end closes a connection. It does not wait for a server that no longer answers, and ignores errors. */
async function end(client: Client): Promise<void> {
  await Promise.race([client.end().catch(() => undefined), new Promise((resolve) => setTimeout(resolve, 1_000).unref())]);
}

function roleOf(dsn: string): string {
  return decodeURIComponent(new URL(dsn).username);
}

/** serverOf is the server of a DSN: host and port, or the socket folder given as a parameter. */
function serverOf(dsn: string): string {
  const url = new URL(dsn);
  return `${url.searchParams.get("host") ?? url.hostname}:${url.port === "" ? "5432" : url.port}`;
}
