import { Client, DatabaseError } from "pg";
import type { QueryResultRow } from "pg";

/** PostgresSession is one read-only connection that opens itself when needed, also again after the server went away. */
export interface PostgresSession {
  query<Row extends QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** server_version_num, such as 130016. */
  version(): Promise<number>;
  close(): Promise<void>;
}

/** Limits keep a probe from waiting on, or holding back, the server that it watches. */
const CONNECT_LIMIT_MS = 5_000;
const STATEMENT_LIMIT_MS = 5_000;
const LOCK_LIMIT_MS = 1_000;

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
        // After anything but an answer of the server the connection may hold half a reply: it is not used again.
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

/** end closes without waiting for a server that is no longer there; a failure to say goodbye changes nothing. */
async function end(client: Client): Promise<void> {
  await Promise.race([client.end().catch(() => undefined), new Promise((resolve) => setTimeout(resolve, 1_000).unref())]);
}
