/** BackendsRow ties a server process to the database that it works for; null for the server's own helpers and for our probes. */
export interface BackendsRow {
  readonly pid: number;
  readonly database: string | null;
}

export const backendsSql = `
select pid, case when application_name is distinct from 'peakproof' then datname end as database from pg_stat_activity`;
