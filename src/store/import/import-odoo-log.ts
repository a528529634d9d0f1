import { createReadStream, createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";

import type { Arm } from "../../domain/arm.ts";
import { HarnessError } from "../../domain/error.ts";
import type { OdooRequest } from "../../domain/odoo-log-line.ts";
import { parseOdooLogLine } from "../../domain/odoo-log-line.ts";
import type { Reading } from "../../domain/reading.ts";
import { normaliseRoute } from "../../domain/route.ts";

/** OdooLog is an access log and the arm that it belongs to; null where there is one arm only. */
export interface OdooLog {
  readonly path: string;
  readonly arm: Arm | null;
}

/** Requests that k6 had not read to the end may be logged a little outside of the span of its samples. */
const SLACK_MS = 1000;

/** importOdooLog appends the requests that a log has for the time of the load to a file of readings, and counts the readings. */
export async function importOdooLog(log: OdooLog, span: { startMs: number; endMs: number }, readingsPath: string): Promise<void> {
  const seen = { first: Infinity, last: -Infinity, inside: 0 };
  const source = createReadStream(log.path);
  const input = log.path.endsWith(".gz") ? source.pipe(createGunzip()) : source;
  source.on("error", (error) => input.destroy(error));
  async function* readings(): AsyncGenerator<string> {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      const request = parseOdooLogLine(line);
      if (request === null) continue;
      seen.first = Math.min(seen.first, request.timeMs);
      seen.last = Math.max(seen.last, request.timeMs);
      if (request.timeMs < span.startMs - SLACK_MS || request.timeMs > span.endMs + SLACK_MS) continue;
      seen.inside += 1;
      yield readingsOf(request, log.arm)
        .map((reading) => `${JSON.stringify(reading)}\n`)
        .join("");
    }
  }
  try {
    await new Promise<void>((resolve, reject) => {
      // readline swallows the errors of its input.
      input.once("error", reject);
      pipeline(readings, createWriteStream(readingsPath, { flags: "a" })).then(resolve, reject);
    });
  } catch (error) {
    throw new HarnessError("usage", `${log.path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      hint: "Name a whole Odoo server log, plain or gzip.",
      cause: error,
    });
  }
  if (seen.inside === 0) throw nothingInside(log, seen, span);
}

function nothingInside(
  log: OdooLog,
  seen: { first: number; last: number },
  span: { startMs: number; endMs: number },
): HarnessError {
  if (seen.last === -Infinity) {
    return new HarnessError("usage", `${log.path} holds no requests of Odoo's access log`, {
      hint: "Odoo writes them with the logger werkzeug at the level info: start it without --log-level=warn.",
    });
  }
  const [first, last, from, to] = [seen.first, seen.last, span.startMs, span.endMs].map((ms) => new Date(ms).toISOString());
  return new HarnessError("usage", `${log.path} has requests from ${first} to ${last}, the load went from ${from} to ${to}`, {
    hint: "Name the log of the same run. Odoo logs in UTC; a log collector may have moved the times.",
  });
}

function readingsOf(request: OdooRequest, arm: Arm | null): Reading[] {
  const { timeMs, method, status, path } = request;
  const values = [
    ["request_statements", request.statements],
    ["request_sql_ms", request.sqlMs],
    ["request_python_ms", request.pythonMs],
  ] as const;
  const labels = { route: normaliseRoute(path), method, status: String(status) };
  return values.flatMap(([name, value]) => (value === null ? [] : [{ timeMs, arm, probe: "odoo", name, labels, value }]));
}
