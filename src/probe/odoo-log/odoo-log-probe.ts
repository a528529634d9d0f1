import { type Arm, ARMS } from "../../domain/arm.ts";
import type { Probe, Reading } from "../../domain/reading.ts";
import type { Finding } from "../../domain/target/finding.ts";
import type { Target } from "../../domain/target/target.ts";
import { tailFile } from "../../files/tail.ts";
import { type LogEvent, parseLogEvent, parseOdooLogLine, type Signal, signalOf, SIGNALS } from "../../odoo-log/log-line.ts";
import { requestReadings, retryReadings } from "../../odoo-log/log-readings.ts";
import { blocking, good, reasonOf } from "../sampling/finding.ts";
import { fromZero, observe } from "../sampling/readings.ts";

/** Levels that are counted by logger; the many INFO lines say nothing by their number. */
const COUNTED = new Set(["WARNING", "ERROR", "CRITICAL"]);
const LOGGER = "odoo.addons.base.models.ir_cron";

/**
 * Odoo 14 writes ``Starting job `NAME`.`` and ``Job `NAME` done.``, the next ones ``Job done: `NAME` (0.012s).``; then came
 * `Job 'NAME' (ID) starting` and `... done in 0.012s`, and from 18 on `... fully done (#loop ...`, `partially done` or `failed`.
 * Up to 17 a job that fails tells so by `Call from cron NAME for server action #7 failed`.
 */
const STARTS = [/^Starting job `(.+)`\.$/, /^Job ('.+'|".+") \(\d+\) starting$/];

const ENDS = [
  /^Job `(.+)` done\.$/,
  /^Job done: `(.+)` \([\d.]+s\)\.$/,
  /^Job ('.+'|".+") \(\d+\) (?:done in |(?:fully done|partially done|failed) \()/,
  /^Call from cron (.+) for server action #\d+ failed/,
];

/** A worker that is killed never tells the end of its job. Odoo's own limit for one job is 2 to 15 minutes in practice. */
const LONGEST_JOB_MS = 15 * 60_000;

/** odooLogProbe follows the arms' Odoo logs from where they end when the load starts. */
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

/** inspectOdooLog looks whether the log can be read. That Odoo writes requests to it shows only once there are some. */
export async function inspectOdooLog(arm: Arm, path: string): Promise<readonly Finding[]> {
  const name = `odoo-${arm}`;
  try {
    await tailFile(path).skipToEnd();
    return [good(name, `The Odoo log ${path} can be read`)];
  } catch (error) {
    const remedy = "Name the file that Odoo writes (logfile), give read access to it, or leave it out.";
    return [blocking(name, `The Odoo log ${path} cannot be read: ${reasonOf(error)}`, remedy)];
  }
}

/** CronJobs counts the scheduled jobs of one arm's log, and how long they were at work. */
export interface CronJobs {
  add(event: LogEvent): void;
  readings(timeMs: number): { readonly cron_jobs: number; readonly cron_busy_ms: number };
}

/** countCronJobs adds up what the log tells, from zero; a job that runs at the moment counts up to now. */
export function countCronJobs(): CronJobs {
  const running = new Map<string, number>();
  let jobs = 0;
  let endedMs = 0;
  let toldMs = 0;

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
      // The log's clock and ours may differ by a little, and a counter may not fall.
      toldMs = Math.max(toldMs, endedMs + runningMs(timeMs));
      return { cron_jobs: jobs, cron_busy_ms: toldMs };
    },
  };
}

interface Log {
  readonly path: string;
  readonly arms: readonly { readonly arm: Arm; readonly database: string }[];
}

/** logsOf lists each log file once; two arms may write to the same one. */
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

/** armOfLine needs the database only where both arms write to one file; lines without one (`?`) belong to nobody there. */
function armOfLine(line: string, arms: Log["arms"]): Arm | null {
  if (arms.length === 1) return arms[0]?.arm ?? null;
  const database = parseLogEvent(line)?.database ?? null;
  return arms.find((entry) => entry.database === database)?.arm ?? null;
}

/** LogCounts counts the lines of one arm's log that are no requests, from zero at the start of the load. */
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
