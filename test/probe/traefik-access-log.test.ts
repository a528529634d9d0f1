import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import type { Reading } from "../../src/domain/reading.ts";
import type { Target } from "../../src/domain/target/target.ts";
import { accessLogProbe, failureMaker, parseAccessLogLine } from "../../src/probe/traefik/access-log-probe.ts";
import { inspectAccessLog } from "../../src/probe/traefik/traefik-probe.ts";
import { armEndpoint } from "./arm-endpoint.ts";

/** Lines that Traefik 3.6 wrote in the lab, without unused fields: no route, an Odoo that was still starting, a page. */
const NO_ROUTE =
  '{"DownstreamContentSize":19,"DownstreamStatus":404,"Duration":163544,"OriginDuration":0,"OriginStatus":0,"Overhead":163544,' +
  '"RequestMethod":"GET","RequestPath":"/web/login","RetryAttempts":0,"entryPointName":"baseline"}';
const BAD_GATEWAY =
  '{"DownstreamContentSize":11,"DownstreamStatus":502,"Duration":576890,"OriginDuration":449220,"OriginStatus":502,' +
  '"Overhead":127670,"RetryAttempts":0,"RouterName":"candidate@file","ServiceName":"odoo-candidate@file",' +
  '"ServiceURL":"http://127.0.0.1:27503"}';
const PAGE =
  '{"DownstreamStatus":200,"Duration":52000000,"OriginDuration":50000000,"OriginStatus":200,"Overhead":2000000,' +
  '"RetryAttempts":1,"ServiceName":"odoo-baseline@file","ServiceURL":"http://127.0.0.1:31890"}';
const STRANGER = PAGE.replace("odoo-baseline", "blog");
const ODOO_ERROR = PAGE.replaceAll(":200,", ":500,");

/** The format of `pkg/middlewares/accesslog/logger_formatters.go`. */
const COMMON =
  '10.0.0.7 - - [21/Nov/2026:15:49:39 +0000] "GET /shop?a=1 HTTP/1.1" 502 11 "-" "k6 \\"x\\"" 8 "shop@file" "http://o:8069" 12ms';
const COMMON_NO_ROUTE = '10.0.0.7 - - [21/Nov/2026:15:49:39 +0000] "GET /x y HTTP/1.1" 404 19 "-" "-" 9 "-" "-" 0ms';

test("a JSON line has the service, retries, and the times of server and proxy", () => {
  expect(parseAccessLogLine(PAGE)).toEqual({
    service: "odoo-baseline@file",
    status: 200,
    asked: true,
    retries: 1,
    originMs: 50,
    overheadMs: 2,
  });
});

test("a line in common log format has the status and whether a server was asked", () => {
  expect(parseAccessLogLine(COMMON)).toMatchObject({ service: null, status: 502, asked: true, retries: null, originMs: null });
  expect(parseAccessLogLine(COMMON_NO_ROUTE)).toMatchObject({ status: 404, asked: false });
});

test.each(["", "{", "[]", '{"level":"info","msg":"started"}', "traefik started", '1.2.3.4 - - [t] "GET / HTTP/1.1" 200 5'])(
  "%j is no line of the access log",
  (line) => {
    expect(parseAccessLogLine(line)).toBeNull();
  },
);

test("dropped fields are null; the server's address shows that it was asked", () => {
  expect(parseAccessLogLine('{"DownstreamStatus":500,"ServiceURL":"http://o:8069"}')).toMatchObject({
    asked: true,
    retries: null,
  });
  expect(parseAccessLogLine('{"DownstreamStatus":503}')).toMatchObject({ asked: false });
});

test.each([
  { status: 200, asked: true, want: null },
  { status: 302, asked: false, want: null },
  { status: 404, asked: true, want: null },
  { status: 404, asked: false, want: "ingress" },
  { status: 429, asked: false, want: "ingress" },
  { status: 499, asked: true, want: "ingress" },
  { status: 500, asked: true, want: "application" },
  { status: 502, asked: true, want: "ingress" },
  { status: 503, asked: true, want: "application" },
  { status: 503, asked: false, want: "ingress" },
  { status: 504, asked: true, want: "ingress" },
])("$status, server asked: $asked, is made by $want", ({ status, asked, want }) => {
  expect(failureMaker({ status, asked })).toBe(want);
});

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "peakproof-traefik-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const target: Target = {
  name: "t",
  arms: {
    baseline: armEndpoint({ traefikService: "odoo-baseline@file" }),
    candidate: armEndpoint({ traefikService: "odoo-candidate@file" }),
  },
  redisUrl: null,
  traefikMetricsUrl: null,
};

test("requests are counted for the arm of their service from the start of the load on, and failures by who made them", async () => {
  const path = join(folder, "access.log");
  await writeFile(path, `${BAD_GATEWAY}\n`);
  const probe = accessLogProbe(target, path, { everyMs: 1000 });
  const { signal } = new AbortController();
  const first = await probe.start(signal);
  await appendFile(path, `${[PAGE, STRANGER, ODOO_ERROR, NO_ROUTE, BAD_GATEWAY].join("\n")}\n${PAGE}`);
  const second = await probe.sample(signal);
  await appendFile(path, "\n");
  const last = await probe.stop(signal);
  const value = (readings: readonly Reading[], arm: string | null, name: string) =>
    readings.find((reading) => reading.arm === arm && reading.name === name)?.value;
  expect(value(first, "baseline", "logged_requests")).toBe(0);
  expect(value(second, "baseline", "logged_requests")).toBe(2);
  expect(value(second, "candidate", "logged_requests")).toBe(1);
  expect(value(last, "baseline", "logged_requests")).toBe(3);
  expect(value(last, "baseline", "logged_retries")).toBe(3);
  expect(value(last, "baseline", "origin_ms")).toBe(150);
  const failures = last
    .filter(({ name }) => name === "failed_requests")
    .map(({ arm, labels, value: count }) => [arm, labels["made_by"], labels["code"], count]);
  expect(failures).toEqual([
    [null, "ingress", "404", 1],
    ["baseline", "application", "500", 1],
    ["candidate", "ingress", "502", 1],
  ]);
  // A failure that appears for the first time began at zero.
  expect(second.filter(({ name, value: count }) => name === "failed_requests" && count === 0)).toHaveLength(3);
});

test("a log that cannot be read is found before the load", async () => {
  expect(await inspectAccessLog(join(folder, "absent.log"))).toMatchObject([{ ok: false, needed: true }]);
});
