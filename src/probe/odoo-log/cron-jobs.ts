import type { LogEvent } from "../../odoo-log/log-line.ts";

/** CronJobs counts the scheduled jobs of one arm's log, and how long they were at work. */
export interface CronJobs {
  add(event: LogEvent): void;
  readings(timeMs: number): { readonly cron_jobs: number; readonly cron_busy_ms: number };
}

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

function nameIn(patterns: readonly RegExp[], message: string): string | null {
  for (const pattern of patterns) {
    const name = pattern.exec(message)?.[1];
    if (name !== undefined) return name.replaceAll(/^['"]|['"]$/g, "");
  }
  return null;
}
