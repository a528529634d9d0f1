import { createReadStream, createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";

import type { Arm } from "../../domain/arm.ts";
import { HarnessError } from "../../domain/error.ts";
import type { Reading } from "../../domain/reading.ts";
import { parseOdooLogLine } from "../../odoo-log/log-line.ts";
import { requestReadings, retryReadings } from "../../odoo-log/log-readings.ts";
import type { LoadPeriod } from "./samples.ts";

/** OdooLog is an access log and its arm; null where the samples hold one arm. */
export interface OdooLog {
  readonly path: string;
  readonly arm: Arm | null;
}

/** Requests that k6 had not read to the end may be logged shortly before or after the time of k6's samples. */
const SLACK_MS = 1000;

/** importOdooLogs appends the requests and retries that logs hold for the time of the load to a file of readings. */
export async function importOdooLogs(logs: readonly OdooLog[], period: LoadPeriod, readingsPath: string): Promise<void> {
  for (const [index, log] of logs.entries()) await importOdooLog(log, { period, number: index + 1, readingsPath });
}

async function importOdooLog(log: OdooLog, options: { period: LoadPeriod; number: number; readingsPath: string }): Promise<void> {
  const { period, readingsPath } = options;
  const seen = { first: Infinity, last: -Infinity, inside: 0, retries: 0 };
  const isInside = (timeMs: number) => timeMs >= period.startMs - SLACK_MS && timeMs <= period.endMs + SLACK_MS;
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
      const found = request === null ? retryReadings(line, log.arm) : requestReadings(request, log.arm);
      const inside = found.filter(({ timeMs }) => isInside(timeMs));
      if (request === null) seen.retries += inside.length;
      if (inside.length > 0) yield linesOf(inside);
    }
    yield linesOf(retryCounter(log, options, seen.retries));
  }
  try {
    await new Promise<void>((resolve, reject) => {
      // readline does not pass on the errors of its input.
      input.once("error", reject);
      pipeline(readings, createWriteStream(readingsPath, { flags: "a" })).then(resolve, reject);
    });
  } catch (error) {
    throw new HarnessError("usage", `${log.path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      hint: "Name a whole Odoo server log, plain or gzip.",
      cause: error,
    });
  }
  if (seen.inside === 0) throw nothingInside(log, seen, period);
}

function nothingInside(log: OdooLog, seen: { first: number; last: number }, period: LoadPeriod): HarnessError {
  if (seen.last === -Infinity) {
    return new HarnessError("usage", `${log.path} holds no requests of Odoo's access log`, {
      hint: "Odoo writes requests with the logger werkzeug at the level info: start Odoo without --log-level=warn.",
    });
  }
  const [first, last, from, to] = [seen.first, seen.last, period.startMs, period.endMs].map((ms) => new Date(ms).toISOString());
  return new HarnessError("usage", `${log.path} has requests from ${first} to ${last}, the load went from ${from} to ${to}`, {
    hint: "Name the log of the same run. Odoo logs in UTC; a log collector may have converted the times.",
  });
}

function linesOf(readings: readonly Reading[]): string {
  return readings.map((reading) => `${JSON.stringify(reading)}\n`).join("");
}

/**
 * The counter records that the log was read, so that a log without retries counts as zero instead of unknown. Each log has a
 * counter.
 */
function retryCounter({ arm }: OdooLog, { period, number }: { period: LoadPeriod; number: number }, retries: number): Reading[] {
  const common = { arm, probe: "odoo", name: "serialization_retries", labels: { log: String(number) } };
  return [
    { ...common, timeMs: period.startMs, value: 0 },
    { ...common, timeMs: period.endMs, value: retries },
  ];
}
