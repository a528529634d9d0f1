/** SessionsRow counts the backends of one database in one state and wait; null wait of an active backend means on the CPU. */
export interface SessionsRow {
  readonly database: string;
  readonly state: string;
  readonly wait_type: string | null;
  readonly sessions: number;
  /** Backends that wait for a lock that another backend holds. */
  readonly blocked: number;
  readonly oldest_transaction_ms: number;
}

/**
 * pg_blocking_pids stops the lock manager for a moment, so it is asked only for backends that wait for a lock.
 * The probe's own sessions are known by their application name.
 */
export const sessionsSql = `
select datname as database, coalesce(state, 'unknown') as state, wait_event_type as wait_type,
  count(*)::int as sessions,
  (count(*) filter (where case when wait_event_type = 'Lock' then cardinality(pg_blocking_pids(pid)) > 0 else false end))::int
    as blocked,
  coalesce(extract(epoch from max(clock_timestamp() - xact_start)) * 1000, 0)::float8 as oldest_transaction_ms
from pg_stat_activity
where datname = any($1) and backend_type = 'client backend' and application_name <> 'peakproof'
group by 1, 2, 3`;
