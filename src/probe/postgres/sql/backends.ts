/** BackendsRow ties a server process to the database that it works for; null for the server's own helpers. */
export interface BackendsRow {
  readonly pid: number;
  readonly database: string | null;
}

export const backendsSql = `select pid, datname as database from pg_stat_activity`;
