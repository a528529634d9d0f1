import { createServer } from "node:net";

import { expect, test } from "vitest";

import type { Target } from "../../src/domain/target/target.ts";
import { createProbes } from "../../src/probe/create-probes.ts";
import { checkTarget } from "../../src/probe/inspect-target.ts";
import { sessionReadings } from "../../src/probe/postgres/activity.ts";
import { describeDsn, isLocal, postgresClusters } from "../../src/probe/postgres/connection.ts";
import { armEndpoint } from "./arm-endpoint.ts";
import { listen } from "./listen.ts";

function targetOf(arms: Target["arms"], own: Partial<Target> = {}): Target {
  return { name: "t", arms, redisUrl: null, traefikMetricsUrl: null, ...own };
}

test("two databases of one server are one cluster, and values of the server belong to neither arm", () => {
  const target = targetOf({
    baseline: armEndpoint({ database: "b", probeDsn: "postgres://probe:x@db:5433/b" }),
    candidate: armEndpoint({ database: "c", probeDsn: "postgres://probe:x@db:5433/c" }),
  });
  const clusters = postgresClusters(target);
  expect(clusters).toHaveLength(1);
  expect(clusters[0]).toMatchObject({ name: "postgres", arm: null });
  expect([...(clusters[0]?.arms ?? [])]).toEqual([
    ["b", "baseline"],
    ["c", "candidate"],
  ]);
});

test("each server has its own probes", () => {
  const target = targetOf({
    baseline: armEndpoint({ database: "odoo", probeDsn: "postgres://probe@one/odoo" }),
    candidate: armEndpoint({ database: "odoo", probeDsn: "postgres://probe@two/odoo" }),
  });
  const names = createProbes(target, { loaderPid: () => null, otherPids: {} }).probes.map(({ name }) => name);
  expect(names).toEqual([
    "postgres-baseline",
    "postgres-candidate",
    "postgres-baseline-statements",
    "postgres-candidate-statements",
    "postgres-baseline-server",
    "postgres-candidate-server",
    "host",
  ]);
});

test("missing configuration is on record", () => {
  const { probes, missing } = createProbes(targetOf({ baseline: armEndpoint({ database: "b" }) }), {
    loaderPid: () => null,
    otherPids: {},
  });
  expect(probes.map(({ name }) => name)).toEqual(["host"]);
  expect(missing.map(({ name }) => name)).toEqual(["redis", "traefik", "postgres-baseline", "backlog-baseline", "odoo-baseline"]);
  expect(missing.every(({ lastFailure }) => lastFailure?.startsWith("not configured: "))).toBe(true);
});

test("backlogs are read by the invariants role, and the work of the harness's roles is excluded", () => {
  const target = targetOf({
    baseline: armEndpoint({ database: "b", probeDsn: "postgres://probe:x@db/b", invariantsDsn: "postgres://rules:y@db/b" }),
    candidate: armEndpoint({ database: "c", probeDsn: "postgres://probe:x@db/c", invariantsDsn: "postgres://rules:y@db/c" }),
  });
  const { probes, missing } = createProbes(target, { loaderPid: () => null, otherPids: {} });
  expect(probes.filter(({ name }) => name.startsWith("backlog")).map(({ name, everyMs }) => [name, everyMs])).toEqual([
    ["backlog-baseline", 5000],
    ["backlog-candidate", 5000],
  ]);
  expect(missing.some(({ name }) => name.startsWith("backlog"))).toBe(false);
  expect(postgresClusters(target).map(({ roles }) => roles)).toEqual([["probe", "rules"]]);
});

test("an access log of Traefik has its own probe", () => {
  const target = targetOf({ baseline: armEndpoint({ database: "b" }) }, { traefikAccessLog: "/var/log/traefik/access.log" });
  const { probes } = createProbes(target, { loaderPid: () => null, otherPids: {} });
  expect(probes.map(({ name }) => name)).toEqual(["traefik-access-log", "host"]);
});

test("a connection is described without its password", () => {
  expect(describeDsn("postgres://probe:secret@db.example/odoo")).toBe("probe@db.example:5432/odoo");
});

test.each([
  { dsn: "postgres://p@127.0.0.1:5432/b", want: true },
  { dsn: "postgres://p@localhost/b", want: true },
  { dsn: "postgres://p@[::1]/b", want: true },
  { dsn: "postgres://p@x/b?host=/run/postgresql", want: true },
  { dsn: "postgres://p@db.example/b", want: false },
  { dsn: "postgres://p@10.0.0.3/b", want: false },
])("$dsn is local: $want", ({ dsn, want }) => {
  expect(isLocal(dsn)).toBe(want);
});

test("sessions have readings by state and wait, also where there are none", () => {
  const row = { database: "b", sessions: 2, blocked: 0, oldest_transaction_ms: 0 };
  const rows = [
    { ...row, state: "active", wait_type: "Lock", blocked: 2, oldest_transaction_ms: 1500 },
    { ...row, state: "active", wait_type: null, sessions: 1 },
    { ...row, state: "idle", wait_type: "Client", sessions: 4 },
    { ...row, database: "other", state: "active", wait_type: null, sessions: 50 },
  ];
  const readings = sessionReadings(rows, new Map([["b", "baseline"]]), 1);
  const value = (name: string, type?: string) =>
    readings.find((reading) => reading.name === name && (type === undefined || reading.labels["type"] === type))?.value;
  expect(value("sessions")).toBe(7);
  expect(value("sessions_active")).toBe(3);
  expect(value("sessions_idle_in_transaction")).toBe(0);
  expect(value("locks_waiting")).toBe(2);
  expect(value("oldest_transaction_ms")).toBe(1500);
  expect(value("waits", "Lock")).toBe(2);
  expect(value("waits", "none")).toBe(1);
  expect(value("waits", "Client")).toBe(0);
});

test("a target with a part that does not answer is refused, with a remedy", async () => {
  const port = await closedPort();
  const dsn = `postgres://probe:secret@127.0.0.1:${port}/b`;
  await expect(checkTarget(targetOf({ baseline: armEndpoint({ database: "b", probeDsn: dsn }) }))).rejects.toMatchObject({
    code: "cannot-measure",
    message: expect.stringMatching(new RegExp(`does not answer at probe@127.0.0.1:${port}/b`)),
    hint: "Start PostgreSQL, or correct host and port.",
  });
  await expect(checkTarget(targetOf({}, { redisUrl: `redis://127.0.0.1:${port}` }))).rejects.toThrow(/Redis does not answer/);
  await expect(checkTarget(targetOf({}, { traefikMetricsUrl: `http://127.0.0.1:${port}/metrics` }))).rejects.toThrow(/Traefik/);
  await expect(
    checkTarget(targetOf({ candidate: armEndpoint({ database: "c", odooLog: "/nonexistent/odoo.log" }) })),
  ).rejects.toThrow(/cannot be read/);
});

/** closedPort is a port without a listener. */
async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
