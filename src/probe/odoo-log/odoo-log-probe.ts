import { type Arm, ARMS } from "../../domain/arm.ts";
import type { Probe, Reading } from "../../domain/reading.ts";
import type { Finding } from "../../domain/target/finding.ts";
import type { Target } from "../../domain/target/target.ts";
import { tailFile } from "../../files/tail.ts";
import { type LogEvent, parseLogEvent, parseOdooLogLine, type Signal, signalOf, SIGNALS } from "../../odoo-log/log-line.ts";
import { requestReadings, retryReadings } from "../../odoo-log/log-readings.ts";
import { blocking, good, reasonOf } from "../sampling/finding.ts";
import { fromZero, observe } from "../sampling/readings.ts";

/** Log levels that are counted by logger. The number of INFO lines is not meaningful. */
const COUNTED = new Set(["WARNING", "ERROR", "CRITICAL"]);
const LOGGER = "odoo.addons.base.models.ir_cron";

/**
 * Odoo 14 writes ``Starting job `NAME`.`` and ``Job `NAME` done.``; later versions write ``Job done: `NAME` (0.012s).``, then
 * `Job 'NAME' (ID) starting` and `... done in 0.012s`, and from 18 on `... fully done (#loop ...`, `partially done` or `failed`.
 * Up to 17 a failed job is logged as `Call from cron NAME for server action #7 failed`.
 */
const STARTS = [/^Starting job `(.+)`\.$/, /^Job ('.+'|".+") \(\d+\) starting$/];

const ENDS = [
  /^Job `(.+)` done\.$/,
  /^Job done: `(.+)` \([\d.]+s\)\.$/,
  /^Job ('.+'|".+") \(\d+\) (?:done in |(?:fully done|partially done|failed) \()/,
  /^Call from cron (.+) for server action #\d+ failed/,
];

/** A killed worker never logs the end of its job. Odoo's own limit for one job is 2 to 15 minutes in practice. */
const LONGEST_JOB_MS = 15 * 60_000;

/** odooLogProbe follows the arms' Odoo logs from their end at the start of the load. */
export function odooLogProbe(target: Target, options: { everyMs: number }): Probe {
  const logs = logsOf(target).map((log) => ({ ...log, tail: tailFile(log.path) }));
  let counts = new Map<Arm, ReturnType<typeof countLog>>();

  async function sample(): Promise<readonly Reading[]> {
    const readings: Reading[] = [];
    for (const { tail, arms } of logs) {
      await tail.read((line) => {
        const arm = armOfLine(line, arms);
        if (arm === null) return;
        counts.get(arm)?.add(line);
        const request = parseOdooLogLine(line);
        readings.push(...(request === null ? retryReadings(line, arm) : requestReadings(request, arm)));
      });
    }
    const timeMs = Date.now();
    return [...readings, ...[...counts.values()].flatMap((count) => count.readings(timeMs))];
  }

  return {
    name: "odoo",
    everyMs: options.everyMs,
    async start() {
      const startMs = Date.now();
      for (const { tail } of logs) await tail.skipToEnd();
      counts = new Map(logs.flatMap(({ arms }) => arms.map(({ arm }) => [arm, countLog(arm)])));
      return [...counts.values()].flatMap((count) => count.readings(startMs));
    },
    sample,
    stop: sample,
  };
}

/** inspectOdooLog checks whether the log can be read. It cannot check whether Odoo logs requests, before there are any. */
export async function inspectOdooLog(arm: Arm, path: string): Promise<readonly Finding[]> {
  const name = `odoo-${arm}`;
  try {
    await tailFile(path).skipToEnd();
    return [good(name, `The Odoo log ${path} can be read`)];
  } catch (error) {
    const remedy = "Configure the file that Odoo writes (logfile), grant read access to it, or remove the setting.";
    return [blocking(name, `The Odoo log ${path} cannot be read: ${reasonOf(error)}`, remedy)];
  }
}

/** CronJobs counts the scheduled jobs in one arm's log and their run time. */
export interface CronJobs {
  add(event: LogEvent): void;
  readings(timeMs: number): { readonly cron_jobs: number; readonly cron_busy_ms: number };
}

/** countCronJobs sums the jobs in the log, from zero. A running job counts up to the time of the reading. */
export function countCronJobs(): CronJobs {
  const running = new Map<string, number>();
  let jobs = 0;
  let endedMs = 0;
  let busyMs = 0;

  const runningMs = (timeMs: number) =>
    [...running.values()].reduce((sum, startMs) => sum + Math.min(LONGEST_JOB_MS, Math.max(0, timeMs - startMs)), 0);

  return {
    add(event) {
      if (event.logger !== LOGGER) return;
      const started = nameIn(STARTS, event.message);
      if (started !== null) {
        running.set(`${event.pid} ${started}`, event.timeMs);
        jobs += 1;
        return;
      }
      const ended = nameIn(ENDS, event.message);
      const key = `${event.pid} ${ended ?? ""}`;
      const startMs = running.get(key);
      if (startMs === undefined) return;
      running.delete(key);
      endedMs += Math.min(LONGEST_JOB_MS, Math.max(0, event.timeMs - startMs));
    },
    readings(timeMs) {
      // The clocks of the log and of the harness may differ slightly. A counter may not fall.
      busyMs = Math.max(busyMs, endedMs + runningMs(timeMs));
      return { cron_jobs: jobs, cron_busy_ms: busyMs };
    },
  };
}

interface Log {
  readonly path: string;
  readonly arms: readonly { readonly arm: Arm; readonly database: string }[];
}

/** logsOf lists each log file once. Both arms may write to the same file. */
function logsOf(target: Target): readonly Log[] {
  const logs = new Map<string, { arm: Arm; database: string }[]>();
  for (const arm of ARMS) {
    const endpoint = target.arms[arm];
    if (endpoint === undefined || endpoint.odooLog === null) continue;
    const { odooLog: path, database } = endpoint;
    logs.set(path, [...(logs.get(path) ?? []), { arm, database }]);
  }
  return [...logs].map(([path, arms]) => ({ path, arms }));
}

/** armOfLine uses the database only where both arms write to one file. Lines without a database (`?`) then belong to no arm. */
function armOfLine(line: string, arms: Log["arms"]): Arm | null {
  if (arms.length === 1) return arms[0]?.arm ?? null;
  const database = parseLogEvent(line)?.database ?? null;
  return arms.find((entry) => entry.database === database)?.arm ?? null;
}

/** LogCounts counts the lines of one arm's log other than request lines, from zero at the start of the load. */
interface LogCounts {
  add(line: string): void;
  readings(timeMs: number): readonly Reading[];
}

function countLog(arm: Arm): LogCounts {
  const signals = new Map<Signal, number>(SIGNALS.map((signal) => [signal, 0]));
  const lines = new Map<string, { labels: { level: string; logger: string }; count: number }>();
  const cron = countCronJobs();
  const complete = fromZero();

  return {
    add(line) {
      const event = parseLogEvent(line);
      if (event === null) return;
      cron.add(event);
      const signal = signalOf(event);
      if (signal !== null) signals.set(signal, (signals.get(signal) ?? 0) + 1);
      if (!COUNTED.has(event.level)) return;
      const { level, logger } = event;
      const key = `${level} ${logger}`;
      const entry = lines.get(key) ?? { labels: { level, logger }, count: 0 };
      entry.count += 1;
      lines.set(key, entry);
    },
    readings(timeMs) {
      const counted = [...lines.values()].flatMap(({ labels, count }) =>
        observe({ timeMs, arm, probe: "odoo", labels }, { log_lines: count }),
      );
      return complete([
        ...observe({ timeMs, arm, probe: "odoo" }, { ...Object.fromEntries(signals), ...cron.readings(timeMs) }),
        ...counted,
      ]);
    },
  };
}

function nameIn(patterns: readonly RegExp[], message: string): string | null {
  for (const pattern of patterns) {
    const name = pattern.exec(message)?.[1];
    if (name !== undefined) return name.replaceAll(/^['"]|['"]$/g, "");
  }
  return null;
}
