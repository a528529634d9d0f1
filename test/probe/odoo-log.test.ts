import { appendFile, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import type { Target } from "../../src/domain/target/target.ts";
import { parseLogEvent, signalOf } from "../../src/odoo-log/log-line.ts";
import { odooLogProbe } from "../../src/probe/odoo-log/odoo-log-probe.ts";
import { armEndpoint } from "./arm-endpoint.ts";

const signal = AbortSignal.timeout(60_000);
let folder = "";
let log = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "peakproof-log-"));
  log = join(folder, "odoo.log");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function request(path: string, database = "b"): string {
  const head = `2026-11-21 11:52:09,267 15943 INFO ${database} werkzeug: 127.0.0.1 - - [21/Nov/2026 11:52:09]`;
  return `${head} "GET ${path} HTTP/1.1" 200 - 46 0.019 0.038\n`;
}

function event(level: string, logger: string, message: string): string {
  return `2026-11-21 11:52:10,001 15943 ${level} b ${logger}: ${message}\n`;
}

const target = (): Target => ({
  name: "t",
  arms: { baseline: armEndpoint({ odooLog: log }) },
  redisUrl: null,
  traefikMetricsUrl: null,
});

test("lines before the start are not read, and an incomplete line is read when it is complete", async () => {
  await writeFile(log, request("/shop"));
  const probe = odooLogProbe(target(), { everyMs: 1000 });
  await probe.start(signal);
  const line = request("/shop/desk-12?x=1");
  await appendFile(log, line.slice(0, 40));
  expect((await probe.sample(signal)).filter(({ name }) => name.startsWith("request_"))).toEqual([]);
  await appendFile(log, line.slice(40));
  const readings = (await probe.stop(signal)).filter(({ name }) => name.startsWith("request_"));
  const labels = { route: "/shop/<slug>", method: "GET", status: "200", worker: "15943" };
  const common = { timeMs: Date.parse("2026-11-21T11:52:09.267Z"), arm: "baseline", probe: "odoo", labels };
  expect(readings).toEqual([
    { ...common, name: "request_statements", value: 46 },
    { ...common, name: "request_sql_ms", value: 19 },
    { ...common, name: "request_python_ms", value: 38 },
  ]);
});

test("after a rotation the new log is read from its beginning", async () => {
  await writeFile(log, request("/shop"));
  const probe = odooLogProbe(target(), { everyMs: 1000 });
  await probe.start(signal);
  await rename(log, `${log}.1`);
  await writeFile(log, request("/web/login"));
  const routes = (await probe.stop(signal)).flatMap(({ labels }) => labels["route"] ?? []);
  expect([...new Set(routes)]).toEqual(["/web/login"]);
});

test("warnings are counted by logger from zero, retries and reloads by their message", async () => {
  await writeFile(log, "");
  const probe = odooLogProbe(target(), { everyMs: 1000 });
  await probe.start(signal);
  await appendFile(log, event("ERROR", "odoo.sql_db", "bad query: UPDATE") + "Traceback (most recent call last):\n");
  await appendFile(log, event("ERROR", "odoo.sql_db", "bad query: UPDATE"));
  await appendFile(log, event("INFO", "odoo.service.model", "SERIALIZATION_FAILURE, retry 1/5 in 0.8038 sec..."));
  const readings = await probe.sample(signal);
  const errors = readings.filter(({ name }) => name === "log_lines");
  expect(errors.map(({ value, labels }) => [value, labels])).toEqual([
    [0, { level: "ERROR", logger: "odoo.sql_db" }],
    [2, { level: "ERROR", logger: "odoo.sql_db" }],
  ]);
  expect(readings.find(({ name }) => name === "serialization_retries")?.value).toBe(1);
  expect(readings.find(({ name }) => name === "registry_reloads")?.value).toBe(0);
});

test("two arms in one log are distinguished by their databases", async () => {
  await writeFile(log, "");
  const both = {
    ...target(),
    arms: { baseline: armEndpoint({ odooLog: log }), candidate: armEndpoint({ database: "c", odooLog: log }) },
  };
  const probe = odooLogProbe(both, { everyMs: 1000 });
  await probe.start(signal);
  await appendFile(log, request("/shop", "b") + request("/shop", "c") + request("/shop", "?"));
  const arms = (await probe.stop(signal)).filter(({ name }) => name === "request_statements").map(({ arm }) => arm);
  expect(arms).toEqual(["baseline", "candidate"]);
});

test.each([
  {
    line: event("INFO", "odoo.service.model", "SERIALIZATION_FAILURE, 4 tries left, try again in 0.8038 sec..."),
    want: "serialization_retries",
  },
  { line: event("INFO", "odoo.service.model", "LOCK_NOT_AVAILABLE, retry 2/5 in 1.1 sec..."), want: "serialization_retries" },
  { line: event("INFO", "odoo.service.model", "SERIALIZATION_FAILURE, maximum number of tries reached"), want: null },
  {
    line: event("INFO", "odoo.modules.registry", "Reloading the model registry after database signaling."),
    want: "registry_reloads",
  },
  {
    line: event("INFO", "odoo.modules.registry", "Invalidating all model caches after database signaling."),
    want: "cache_invalidations",
  },
  { line: event("ERROR", "odoo.service.server", "WorkerHTTP (71) timeout after 120s"), want: "worker_kills" },
  { line: event("WARNING", "odoo.service.server", "Worker (71) CPU time limit (60) reached."), want: "worker_kills" },
  { line: event("INFO", "odoo.sql_db", "Connection to the database failed"), want: "connections_refused" },
  { line: event("INFO", "odoo.addons.x", "Reloading the model registry after database signaling."), want: null },
])("$line is $want", ({ line, want }) => {
  const parsed = parseLogEvent(line.trimEnd());
  expect(parsed).not.toBeNull();
  expect(parsed === null ? null : signalOf(parsed)).toBe(want);
});
