import { withoutColour } from "./log-colour.ts";

/** OdooRequest is one line of Odoo's access log: which request ended when, and what it cost. */
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
 * field where it has a read replica. Not anchored at the start, since log collectors put a prefix of their own before the line.
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
