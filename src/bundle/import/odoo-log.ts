import { createReadStream, createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";

import type { Arm } from "../../domain/arm.ts";
import { HarnessError } from "../../domain/error.ts";
import type { Reading } from "../../domain/reading.ts";
import { parseOdooLogLine } from "../../odoo-log/log-line.ts";
import { requestReadings, retryReadings } from "../../odoo-log/log-readings.ts";

/** OdooLog is an access log and the arm that it belongs to; null where there is one arm only. */
export interface OdooLog {
  readonly path: string;
  readonly arm: Arm | null;
}

/** Requests that k6 had not read to the end may be logged a little outside of the span of its samples. */
const SLACK_MS = 1000;

/** Span is the time of the load. */
interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** importOdooLogs appends the requests and retries that logs have for the time of the load to a file of readings. */
export async function importOdooLogs(logs: readonly OdooLog[], span: Span, readingsPath: string): Promise<void> {
  for (const [index, log] of logs.entries()) await importOdooLog(log, { span, number: index + 1, readingsPath });
}

async function importOdooLog(log: OdooLog, options: { span: Span; number: number; readingsPath: string }): Promise<void> {
  const { span, readingsPath } = options;
  const seen = { first: Infinity, last: -Infinity, inside: 0, retries: 0 };
  const isInside = (timeMs: number) => timeMs >= span.startMs - SLACK_MS && timeMs <= span.endMs + SLACK_MS;
  const source = createReadStream(log.path);
  const input = log.path.endsWith(".gz") ? source.pipe(createGunzip()) : source;
  source.on("error", (error) => input.destroy(error));
  async function* readings(): AsyncGenerator<string> {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      const request = parseOdooLogLine(line);
      if (request !== null) {
        seen.first = Math.min(seen.first, request.timeMs);
        seen.last = Math.max(seen.last, request.timeMs);
        if (isInside(request.timeMs)) seen.inside += 1;
      }
      const told = request === null ? retryReadings(line, log.arm) : requestReadings(request, log.arm);
      const inside = told.filter(({ timeMs }) => isInside(timeMs));
      if (request === null) seen.retries += inside.length;
      if (inside.length > 0) yield linesOf(inside);
    }
    yield linesOf(retryCounter(log, options, seen.retries));
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

function nothingInside(log: OdooLog, seen: { first: number; last: number }, span: Span): HarnessError {
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

function linesOf(readings: readonly Reading[]): string {
  return readings.map((reading) => `${JSON.stringify(reading)}\n`).join("");
}

/** The counter says that the log was read, so that no retries are none and not unknown. Each log has one of its own. */
function retryCounter({ arm }: OdooLog, { span, number }: { span: Span; number: number }, retries: number): Reading[] {
  const common = { arm, probe: "odoo", name: "serialization_retries", labels: { log: String(number) } };
  return [
    { ...common, timeMs: span.startMs, value: 0 },
    { ...common, timeMs: span.endMs, value: retries },
  ];
}
