import { withoutColour } from "./log-colour.ts";

/** LogEvent is the head of one line of an Odoo log; lines of a traceback have none. */
export interface LogEvent {
  /** Epoch milliseconds; Odoo logs in UTC. */
  readonly timeMs: number;
  readonly pid: number;
  readonly level: string;
  readonly database: string | null;
  readonly logger: string;
  readonly message: string;
}

/** Not anchored at the start, since log collectors put a prefix of their own before the line. */
const HEAD = /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d),(\d{3}) (\d+) (DEBUG|INFO|WARNING|ERROR|CRITICAL) (\S+) ([\w.-]+): (.*)$/;

/** parseLogEvent reads the head of one line of an Odoo server log; null for lines that have none. */
export function parseLogEvent(line: string): LogEvent | null {
  const [, day, time, millis, pid, level, database, logger, message] = HEAD.exec(withoutColour(line)) ?? [];
  if (level === undefined || logger === undefined || message === undefined) return null;
  const timeMs = Date.parse(`${day}T${time}.${millis}Z`);
  return { timeMs, pid: Number(pid), level, database: database === "?" ? null : (database ?? null), logger, message };
}

/** Signal is something that Odoo tells nowhere but in its log, and that explains slow or failed requests. */
export type Signal =
  | "serialization_retries"
  | "registry_reloads"
  | "cache_invalidations"
  | "worker_kills"
  | "connections_refused";

/** SIGNALS are all of them. */
export const SIGNALS: readonly Signal[] = [
  "serialization_retries",
  "registry_reloads",
  "cache_invalidations",
  "worker_kills",
  "connections_refused",
];

/**
 * Odoo 14 and 15 write `SERIALIZATION_FAILURE, retry 1/5 in 0.8 sec`, later ones `..., 4 tries left, try again in 0.8 sec`, and
 * name the PostgreSQL error (`LOCK_NOT_AVAILABLE`, `DEADLOCK_DETECTED`) in its place.
 */
const SIGNAL_OF: readonly (readonly [Signal, logger: string, message: RegExp])[] = [
  ["serialization_retries", "odoo.service.model", /, (?:retry \d+\/\d+|\d+ tries left)/],
  ["registry_reloads", "odoo.modules.registry", /^Reloading the model registry after database signaling/],
  ["cache_invalidations", "odoo.modules.registry", /^Invalidating .*caches? after database signaling/],
  ["worker_kills", "odoo.service.server", /(?:timeout after|limit \([^)]*\) reached)/],
  ["connections_refused", "odoo.sql_db", /^Connection to the database failed/],
];

/** signalOf says what a line tells, by its logger and its words; null for most. */
export function signalOf(event: LogEvent): Signal | null {
  return SIGNAL_OF.find(([, logger, message]) => event.logger === logger && message.test(event.message))?.[0] ?? null;
}
