import { createServer } from "node:http";

import { afterAll, beforeAll, expect, test } from "vitest";

import type { Target } from "../../src/domain/target/target.ts";
import { parsePrometheusText } from "../../src/probe/traefik/prometheus.ts";
import { inspectTraefik, traefikProbe } from "../../src/probe/traefik/traefik-probe.ts";
import { armEndpoint } from "./arm-endpoint.ts";
import { listen } from "./listen.ts";

/** Lines as Traefik 3 wrote them for one shop page and one unknown page. */
const METRICS = `# HELP traefik_service_requests_total How many HTTP requests processed on a service
# TYPE traefik_service_requests_total counter
traefik_service_requests_total{code="200",method="GET",protocol="http",service="odoo-b@file"} 4
traefik_service_requests_total{code="200",method="POST",protocol="http",service="odoo-b@file"} 2
traefik_service_requests_total{code="200",method="GET",protocol="http",service="stranger@file"} 9
traefik_service_request_duration_seconds_bucket{code="200",method="GET",protocol="http",service="odoo-b@file",le="+Inf"} 4
traefik_service_request_duration_seconds_sum{code="200",method="GET",protocol="http",service="odoo-b@file"} 0.125
traefik_service_responses_bytes_total{code="200",method="GET",protocol="http",service="odoo-b@file"} 72986
traefik_entrypoint_requests_total{code="404",entrypoint="web",method="POST",protocol="http"} 1
traefik_open_connections{entrypoint="traefik",protocol="TCP"} 1
traefik_open_connections{entrypoint="web",protocol="TCP"} 2
`;
const FAILED = `traefik_service_requests_total{code="502",method="GET",protocol="http",service="odoo-b@file"} 3\n`;

let text = METRICS;
const server = createServer((_, response) => response.end(text));
let url = "";

beforeAll(async () => {
  url = `http://127.0.0.1:${await listen(server)}/metrics`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const target: Target = {
  name: "t",
  arms: { baseline: armEndpoint({ traefikService: "odoo-b@file" }) },
  redisUrl: null,
  traefikMetricsUrl: null,
};

test("labels may hold commas, quotes and line ends, and a line may hold a time", () => {
  expect(parsePrometheusText('a_total{x="1,\\"2\\"",y="l\\n"} 1.5e+03 1795264022\nb +Inf\n# c 1\nnonsense\n')).toEqual([
    { name: "a_total", labels: { x: '1,"2"', y: "l\n" }, value: 1500 },
    { name: "b", labels: {}, value: Number.POSITIVE_INFINITY },
  ]);
});

test("metrics are assigned to the arm of their service; other services are left out", async () => {
  text = METRICS;
  const readings = await traefikProbe(target, url, { everyMs: 1000 }).start(AbortSignal.timeout(10_000));
  const values = readings.map(({ arm: of, name, labels, value }) => [of, name, labels, value]);
  expect(values).toEqual([
    ["baseline", "requests", { service: "odoo-b@file", code: "200" }, 6],
    ["baseline", "request_duration_sum_ms", {}, 125],
    ["baseline", "response_bytes", {}, 72986],
    [null, "entrypoint_requests", { code: "404" }, 1],
    [null, "open_connections", {}, 3],
    [null, "ingress_only_failures", { code: "404" }, 1],
  ]);
});

test("a code that Traefik counts for the first time began at zero", async () => {
  const probe = traefikProbe(target, url, { everyMs: 1000 });
  text = METRICS;
  const first = await probe.start(AbortSignal.timeout(10_000));
  text = METRICS + FAILED;
  const second = await probe.sample(AbortSignal.timeout(10_000));
  const failures = second.filter(({ labels }) => labels["code"] === "502");
  expect(failures.map(({ value }) => value)).toEqual([0, 3]);
  expect(failures[0]?.timeMs).toBe(first.at(-1)?.timeMs);
});

test("a page without Traefik's metrics blocks a run", async () => {
  text = "go_goroutines 1\n";
  expect(await inspectTraefik(target, url)).toMatchObject([{ ok: false, needed: true }]);
  text = METRICS;
  expect(await inspectTraefik(target, url)).toMatchObject([{ ok: true }]);
});

test("ingress-only failures are those of entry points minus those of services, and never fall", async () => {
  const count = (entryPoint: number, service: number) =>
    `traefik_entrypoint_requests_total{code="503",entrypoint="web",method="GET"} ${entryPoint}\n` +
    `traefik_service_requests_total{code="503",service="stranger@file",method="GET"} ${service}\n` +
    `traefik_entrypoint_requests_total{code="302",entrypoint="web",method="GET"} 50\n`;
  const probe = traefikProbe(target, url, { everyMs: 1000 });
  const failures: (number | undefined)[] = [];
  // The service has counted one request that its entry point has not, and vice versa.
  for (text of [count(3, 1), count(3, 2), count(9, 2)]) {
    const readings = await probe.sample(AbortSignal.timeout(10_000));
    const own = readings.filter(({ name }) => name === "ingress_only_failures");
    expect(own.map(({ labels }) => labels["code"])).toEqual(["503"]);
    failures.push(own[0]?.value);
  }
  expect(failures).toEqual([2, 2, 7]);
});

test("certificates are read once, with the time until they expire; one that expires soon is found before the load", async () => {
  const endsAt = (days: number) => Math.round(Date.now() / 1000) + days * 24 * 3600;
  const certificate = (days: number) =>
    `traefik_tls_certs_not_after{cn="shop.test",sans="www.shop.test",serial="1"} ${endsAt(days).toExponential(10)}\n`;
  text = METRICS + certificate(30);
  const probe = traefikProbe(target, url, { everyMs: 1000 });
  const certificates = (await probe.start(AbortSignal.timeout(10_000))).filter(({ name }) => name === "certificate_left_ms");
  expect(certificates.map(({ labels }) => labels)).toEqual([{ certificate: "shop.test" }]);
  expect((certificates[0]?.value ?? 0) / (24 * 3_600_000)).toBeCloseTo(30, 1);
  expect((await probe.sample(AbortSignal.timeout(10_000))).some(({ name }) => name === "certificate_left_ms")).toBe(false);
  expect(await inspectTraefik(target, url)).toMatchObject([{ ok: true }]);
  text = METRICS + certificate(3);
  expect(await inspectTraefik(target, url)).toMatchObject([
    { ok: true },
    { ok: false, needed: false, text: expect.stringContaining("shop.test expires on") },
  ]);
});

test("Traefik 2 has other names for connections and counts failed reloads", async () => {
  text =
    `traefik_entrypoint_open_connections{entrypoint="web",method="GET",protocol="http"} 4\n` +
    `traefik_service_open_connections{method="GET",protocol="http",service="odoo-b@file"} 3\n` +
    `traefik_config_reloads_failure_total 2\n`;
  const readings = await traefikProbe(target, url, { everyMs: 1000 }).start(AbortSignal.timeout(10_000));
  expect(readings.map(({ arm: of, name, value }) => [of, name, value])).toEqual([
    [null, "open_connections", 4],
    ["baseline", "service_open_connections", 3],
    [null, "config_reload_failures", 2],
  ]);
});
