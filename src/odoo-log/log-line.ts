/** OdooRequest is one line of Odoo's access log: a request, its end, and its cost. */
export interface OdooRequest {
  /** Epoch milliseconds of the end of the request. Odoo sets its own time zone to UTC before it logs. */
  readonly timeMs: number;
  readonly pid: number;
  /** Null where no database was chosen (Odoo writes `?`). */
  readonly database: string | null;
  readonly method: string;
  /** Path as it was logged, with its query; see `normaliseRoute`. */
  readonly path: string;
  readonly status: number;
  /** Null where Odoo logged `-`: static files and websockets. */
  readonly statements: number | null;
  readonly sqlMs: number | null;
  readonly pythonMs: number | null;
}

/**
 * `time pid LEVEL database werkzeug: ip ... "METHOD path PROTOCOL" status size statements sql_s python_s`; Odoo 18 adds a fourth
 * field where it has a read replica. Not anchored at the start, because log collectors put a prefix before the line.
 */
const REQUEST_LINE =
  /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d),(\d{3}) (\d+) [A-Z]+ (\S+) werkzeug: \S+ [^"]*"([A-Z]+) (\S+)[^"]*" (\d{3}) \S+ (\d+|-) (\d+\.\d+|-) (\d+\.\d+|-)/;

/** parseOdooLogLine reads one line of an Odoo server log; null for every line that is not a request. */
export function parseOdooLogLine(line: string): OdooRequest | null {
  if (!line.includes(" werkzeug: ")) return null;
  const match = REQUEST_LINE.exec(withoutColour(line));
  if (match === null) return null;
  const [, day, time, millis, pid, database, method = "", path = "", status, statements, sqlS, pythonS] = match;
  const timeMs = Date.parse(`${day}T${time}.${millis}Z`);
  if (!Number.isFinite(timeMs)) return null;
  return {
    timeMs,
    pid: Number(pid),
    database: database === "?" || database === undefined ? null : database,
    method,
    path,
    status: Number(status),
    statements: quantity(statements, 1),
    sqlMs: quantity(sqlS, 1000),
    pythonMs: quantity(pythonS, 1000),
  };
}

function quantity(text: string | undefined, factor: number): number | null {
  if (text === undefined || text === "-") return null;
  // Odoo logs three digits after the point; rounding keeps 0.244 s from becoming 243.99999 ms.
  return Math.round(Number(text) * factor * 1000) / 1000;
}

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

/** Not anchored at the start, because log collectors put a prefix before the line. */
const HEAD = /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d),(\d{3}) (\d+) (DEBUG|INFO|WARNING|ERROR|CRITICAL) (\S+) ([\w.-]+): (.*)$/;

/** parseLogEvent reads the head of one line of an Odoo server log; null for lines without one. */
export function parseLogEvent(line: string): LogEvent | null {
  const [, day, time, millis, pid, level, database, logger, message] = HEAD.exec(withoutColour(line)) ?? [];
  if (level === undefined || logger === undefined || message === undefined) return null;
  const timeMs = Date.parse(`${day}T${time}.${millis}Z`);
  return { timeMs, pid: Number(pid), level, database: database === "?" ? null : (database ?? null), logger, message };
}

/** Signal is an event that Odoo reports only in its log and that explains slow or failed requests. */
export type Signal =
  | "serialization_retries"
  | "registry_reloads"
  | "cache_invalidations"
  | "worker_kills"
  | "connections_refused";

/** SIGNALS lists all signals. */
export const SIGNALS: readonly Signal[] = [
  "serialization_retries",
  "registry_reloads",
  "cache_invalidations",
  "worker_kills",
  "connections_refused",
];

/**
 * Odoo 14 and 15 write `SERIALIZATION_FAILURE, retry 1/5 in 0.8 sec`, later versions `..., 4 tries left, try again in 0.8 sec`,
 * with the PostgreSQL error (`LOCK_NOT_AVAILABLE`, `DEADLOCK_DETECTED`) in place of the first words.
 */
const SIGNAL_OF: readonly (readonly [Signal, logger: string, message: RegExp])[] = [
  ["serialization_retries", "odoo.service.model", /, (?:retry \d+\/\d+|\d+ tries left)/],
  ["registry_reloads", "odoo.modules.registry", /^Reloading the model registry after database signaling/],
  ["cache_invalidations", "odoo.modules.registry", /^Invalidating .*caches? after database signaling/],
  ["worker_kills", "odoo.service.server", /(?:timeout after|limit \([^)]*\) reached)/],
  ["connections_refused", "odoo.sql_db", /^Connection to the database failed/],
];

/** signalOf is the signal of a line, by its logger and its message; null for most lines. */
export function signalOf(event: LogEvent): Signal | null {
  return SIGNAL_OF.find(([, logger, message]) => event.logger === logger && message.test(event.message))?.[0] ?? null;
}

// Odoo and werkzeug colour their lines when they detect a terminal.
// oxlint-disable-next-line no-control-regex
const COLOUR = /\u001B\[[0-9;]*m/g;

/** withoutColour removes the colour codes of a terminal from a line. */
function withoutColour(line: string): string {
  return line.includes("\u001B") ? line.replaceAll(COLOUR, "") : line;
}
