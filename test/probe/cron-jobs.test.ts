import { expect, test } from "vitest";

import { parseLogEvent } from "../../src/odoo-log/log-line.ts";
import { countCronJobs } from "../../src/probe/odoo-log/odoo-log-probe.ts";

const LOGGER = "odoo.addons.base.models.ir_cron";
const at = (second: number): number => Date.parse("2026-11-21T11:52:00.000Z") + 1000 * second;

function jobs(lines: readonly (readonly [second: number, message: string, pid?: number, logger?: string])[]) {
  const book = countCronJobs();
  for (const [second, message, pid = 70, logger = LOGGER] of lines) {
    const clock = new Date(at(second)).toISOString().replace("T", " ").replace(".", ",").slice(0, 23);
    const event = parseLogEvent(`${clock} ${pid} INFO b ${logger}: ${message}`);
    if (event !== null) book.add(event);
  }
  return book;
}

test.each([
  { version: "14", start: "Starting job `Mail: Email Queue Manager`.", end: "Job `Mail: Email Queue Manager` done." },
  { version: "15 to 17", start: "Starting job `Mail: Queue`.", end: "Job done: `Mail: Queue` (2.500s)." },
  { version: "17 and 18", start: "Job 'Mail: Queue' (3) starting", end: "Job 'Mail: Queue' (3) done in 2.500s" },
  {
    version: "18 on",
    start: "Job 'Mail: Queue' (3) starting",
    end: "Job 'Mail: Queue' (3) fully done (#loop 1; done 4; remaining 0; duration 2.50s)",
  },
  { version: "a name with quotes", start: `Job "Ann's mail" (3) starting`, end: `Job "Ann's mail" (3) failed (#loop 1; done 0;` },
  { version: "a failure", start: "Starting job `Queue`.", end: "Call from cron Queue for server action #7 failed in Job #3" },
])("Odoo $version: a job of 2.5 s", ({ start, end }) => {
  const book = jobs([
    [1, start],
    [3.5, end],
  ]);
  expect(book.readings(at(10))).toEqual({ cron_jobs: 1, cron_busy_ms: 2500 });
});

test("a running job counts up to now, and the sum does not fall when the job ended a little earlier", () => {
  const book = countCronJobs();
  const line = (second: string, message: string) =>
    parseLogEvent(`2026-11-21 11:52:${second},000 70 INFO b ${LOGGER}: ${message}`);
  const [start, end] = [line("01", "Starting job `Queue`."), line("04", "Job `Queue` done.")];
  if (start !== null) book.add(start);
  expect(book.readings(at(3)).cron_busy_ms).toBe(2000);
  expect(book.readings(at(4.1)).cron_busy_ms).toBe(3100);
  if (end !== null) book.add(end);
  expect(book.readings(at(9)).cron_busy_ms).toBe(3100);
});

test("jobs of two workers at once both count; a line of another logger and an end without a start do not", () => {
  const book = jobs([
    [0, "Starting job `Queue`."],
    [0, "Starting job `Queue`.", 71],
    [1, "Starting job `Queue`.", 72, "odoo.addons.x"],
    [2, "Job `Queue` done."],
    [3, "Job `Queue` done.", 71],
    [4, "Job `Other` done.", 71],
  ]);
  expect(book.readings(at(9))).toEqual({ cron_jobs: 2, cron_busy_ms: 5000 });
});

test("a job whose worker was killed counts for 15 minutes at most", () => {
  expect(jobs([[0, "Starting job `Queue`."]]).readings(at(7200)).cron_busy_ms).toBe(15 * 60_000);
});
