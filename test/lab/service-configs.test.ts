import { expect, test } from "vitest";
import { parse } from "yaml";

import { defaultPolicy } from "../../src/evaluator/catalogue/policy.ts";
import { renderOdooConfig } from "../../src/lab/services/odoo.ts";
import { POSTGRES_ACCESS, renderPostgresConfig } from "../../src/lab/services/postgres.ts";
import { renderTraefikConfig, renderTraefikRoutes, traefikServiceName } from "../../src/lab/services/traefik.ts";

const odoo = {
  database: "pp_baseline",
  dataFolder: "/lab/arms/baseline/data",
  logFile: "/lab/arms/baseline/odoo.log",
  addonsFolders: ["/lab/releases/x/addons"],
  serverWideModules: ["peakproof_redis_session"],
  postgresPort: 20001,
  postgresPassword: "secret",
  masterPassword: "master",
  http: { port: 20002, longpollingPort: 20003, workers: 2, cronThreads: 0 },
};

test("Odoo serves exactly one database, behind a proxy, on loopback", () => {
  const lines = renderOdooConfig(odoo).split("\n");
  expect(lines[0]).toBe("[options]");
  for (const line of [
    "dbfilter = ^pp_baseline$",
    "list_db = False",
    "proxy_mode = True",
    "http_interface = 127.0.0.1",
    "workers = 2",
  ]) {
    expect(lines).toContain(line);
  }
  expect(lines).toContain("server_wide_modules = base,web,peakproof_redis_session");
});

test("an Odoo that only installs opens no port", () => {
  const text = renderOdooConfig({ ...odoo, logFile: null, http: null });
  expect(text).toContain("http_enable = False");
  expect(text).not.toMatch(/http_port|logfile/);
});

test("PostgreSQL keeps its durability, loads pg_stat_statements and asks for passwords on loopback only", () => {
  const text = renderPostgresConfig({ port: 20004, socketFolder: "/lab/run/postgres" });
  for (const line of ["fsync = on", "synchronous_commit = on", "listen_addresses = '127.0.0.1'", "track_io_timing = on"]) {
    expect(text.split("\n")).toContain(line);
  }
  expect(text).toContain("shared_preload_libraries = 'pg_stat_statements'");
  expect(POSTGRES_ACCESS).not.toMatch(/trust|0\.0\.0\.0|::/);
});

test("autovacuum stays on, and comes to both arms within one block of 10 s", () => {
  const text = renderPostgresConfig({ port: 20004, socketFolder: "/lab/run/postgres" });
  const [, seconds] = /^autovacuum_naptime = (\d+)s$/m.exec(text) ?? [];
  expect(Number(seconds) * 1000).toBeLessThanOrEqual(defaultPolicy.blockMs);
  expect(text).not.toMatch(/^autovacuum = /m);
});

test("each of Traefik's entry points is on loopback and leads to its own arm", () => {
  const config = parse(renderTraefikConfig({ baseline: 1, candidate: 2, metrics: 3 }));
  expect(config.entryPoints).toEqual({
    baseline: { address: "127.0.0.1:1" },
    candidate: { address: "127.0.0.1:2" },
    metrics: { address: "127.0.0.1:3" },
  });
  const { http } = parse(renderTraefikRoutes({ baseline: 11, candidate: 12 }));
  expect(http.routers.candidate).toMatchObject({ entryPoints: ["candidate"], service: "odoo-candidate" });
  expect(http.services["odoo-candidate"].loadBalancer.servers).toEqual([{ url: "http://127.0.0.1:12" }]);
  expect(traefikServiceName("candidate")).toBe("odoo-candidate@file");
});

test("latency buckets rise from 25 ms to 30 s", () => {
  const { buckets } = parse(renderTraefikConfig({ baseline: 1, candidate: 2, metrics: 3 })).metrics.prometheus;
  expect(buckets).toEqual([...buckets].sort((a: number, b: number) => a - b));
  expect([buckets[0], buckets.at(-1)]).toEqual([0.025, 30]);
});
