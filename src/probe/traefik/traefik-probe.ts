import { type Arm, ARMS } from "../../domain/arm.ts";
import type { Probe, Reading } from "../../domain/reading.ts";
import type { Finding } from "../../domain/target/finding.ts";
import type { Target } from "../../domain/target/target.ts";
import { tailFile } from "../../files/tail.ts";
import { blocking, good, poorer, reasonOf } from "../sampling/finding.ts";
import { fromZero, observe } from "../sampling/readings.ts";
import { certificatesOf, type MetricSample, parsePrometheusText } from "./prometheus.ts";

/**
 * SERVICE_METRICS are Traefik's counters of one service: the harness's name, the labels that are kept, and a factor (Traefik
 * counts seconds).
 */
const SERVICE_METRICS: readonly { metric: string; name: string; keep: readonly string[]; factor: number }[] = [
  { metric: "traefik_service_requests_total", name: "requests", keep: ["service", "code"], factor: 1 },
  { metric: "traefik_service_request_duration_seconds_sum", name: "request_duration_sum_ms", keep: [], factor: 1000 },
  { metric: "traefik_service_request_duration_seconds_count", name: "request_duration_count", keep: [], factor: 1 },
  { metric: "traefik_service_requests_bytes_total", name: "request_bytes", keep: [], factor: 1 },
  { metric: "traefik_service_responses_bytes_total", name: "response_bytes", keep: [], factor: 1 },
  { metric: "traefik_service_retries_total", name: "retries", keep: [], factor: 1 },
  { metric: "traefik_service_server_up", name: "servers_up", keep: [], factor: 1 },
  { metric: "traefik_service_open_connections", name: "service_open_connections", keep: [], factor: 1 },
];

/** Traefik 2 counts open connections separately at each place, and also failed reloads, which Traefik 3 does not count. */
const SHARED_METRICS: readonly { metric: string; name: string; keep: readonly string[]; factor: number }[] = [
  { metric: "traefik_entrypoint_requests_total", name: "entrypoint_requests", keep: ["code"], factor: 1 },
  { metric: "traefik_open_connections", name: "open_connections", keep: [], factor: 1 },
  { metric: "traefik_entrypoint_open_connections", name: "open_connections", keep: [], factor: 1 },
  { metric: "traefik_config_reloads_total", name: "config_reloads", keep: [], factor: 1 },
  { metric: "traefik_config_reloads_failure_total", name: "config_reload_failures", keep: [], factor: 1 },
  { metric: "process_cpu_seconds_total", name: "cpu_ms", keep: [], factor: 1000 },
];

const ANSWER_LIMIT_MS = 5_000;
/** A certificate that expires within two weeks expires within a peak season. */
const CERTIFICATE_MS = 14 * 24 * 3_600_000;

/** traefikProbe reads Traefik's metrics page. The arms are distinguished by the name of their service. */
export function traefikProbe(target: Target, url: string, options: { everyMs: number }): Probe {
  const services = traefikServices(target);
  const complete = fromZero();
  const ingressOnly = ingressOnlyFailures();
  const readMetrics = async (signal: AbortSignal) => parsePrometheusText(await fetchMetrics(url, signal));
  const read = (samples: readonly MetricSample[], timeMs: number) =>
    complete([...traefikReadings(samples, services, timeMs), ...ingressOnly(samples, timeMs)]);
  const sample = async (signal: AbortSignal) => read(await readMetrics(signal), Date.now());
  return {
    name: "traefik",
    everyMs: options.everyMs,
    async start(signal) {
      const [samples, timeMs] = [await readMetrics(signal), Date.now()];
      return [...read(samples, timeMs), ...certificateReadings(samples, timeMs)];
    },
    sample,
    stop: sample,
  };
}

export function traefikServices(target: Target): ReadonlyMap<string, Arm> {
  return new Map(
    ARMS.flatMap((arm) => {
      const service = target.arms[arm]?.traefikService ?? null;
      return service === null ? [] : [[service, arm] as const];
    }),
  );
}

/** inspectTraefik checks whether Traefik serves metrics. A service is listed there only after its first request. */
export async function inspectTraefik(target: Target, url: string): Promise<readonly Finding[]> {
  try {
    const samples = parsePrometheusText(await fetchMetrics(url, AbortSignal.timeout(ANSWER_LIMIT_MS)));
    if (!samples.some(({ name }) => name.startsWith("traefik_"))) {
      return [
        blocking("traefik", `${url} has no Traefik metrics`, "Enable metrics.prometheus in Traefik and configure its address."),
      ];
    }
    const findings = [good("traefik", `Traefik serves its metrics at ${url}`)];
    if (traefikServices(target).size === 0) {
      findings.push(
        poorer("traefik", "No arm has a Traefik service", "Set traefikService of each arm, such as odoo-baseline@file."),
      );
    }
    for (const { name, endsMs } of certificatesOf(samples).filter((one) => one.endsMs < Date.now() + CERTIFICATE_MS)) {
      const end = new Date(endsMs).toISOString().slice(0, 10);
      findings.push(poorer("traefik", `The certificate of ${name} expires on ${end}`, "Renew the certificate before the load."));
    }
    return findings;
  } catch (error) {
    return [
      blocking(
        "traefik",
        `Traefik does not serve its metrics at ${url}: ${reasonOf(error)}`,
        "Start Traefik, or correct the URL.",
      ),
    ];
  }
}

/** inspectAccessLog checks whether Traefik's access log can be read. */
export async function inspectAccessLog(path: string): Promise<readonly Finding[]> {
  try {
    await tailFile(path).skipToEnd();
    return [good("traefik", `The access log ${path} can be read`)];
  } catch (error) {
    const remedy = "Configure the file that Traefik writes (accessLog.filePath), grant read access to it, or remove the setting.";
    return [blocking("traefik", `The access log ${path} cannot be read: ${reasonOf(error)}`, remedy)];
  }
}

async function fetchMetrics(url: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { signal });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return text;
}

/** traefikReadings sums metrics over method and protocol. Services that belong to neither arm are left out. */
function traefikReadings(
  samples: readonly MetricSample[],
  services: ReadonlyMap<string, Arm>,
  timeMs: number,
): readonly Reading[] {
  const sums = new Map<string, { arm: Arm | null; name: string; labels: Record<string, string>; value: number }>();
  const add = (sample: MetricSample, arm: Arm | null, as: { name: string; keep: readonly string[]; factor: number }): void => {
    const labels = Object.fromEntries(as.keep.map((label) => [label, sample.labels[label] ?? ""]));
    const key = JSON.stringify([arm, as.name, labels]);
    const sum = sums.get(key) ?? { arm, name: as.name, labels, value: 0 };
    sums.set(key, { ...sum, value: sum.value + sample.value * as.factor });
  };
  for (const sample of samples) {
    const arm = services.get(sample.labels["service"] ?? "");
    const ofService = SERVICE_METRICS.find(({ metric }) => metric === sample.name);
    if (ofService !== undefined && arm !== undefined) add(sample, arm, ofService);
    const shared = SHARED_METRICS.find(({ metric }) => metric === sample.name);
    if (shared !== undefined) add(sample, null, shared);
  }
  return [...sums.values()].flatMap(({ arm, name, labels, value }) =>
    observe({ timeMs, arm, probe: "traefik", labels }, { [name]: value }),
  );
}

/**
 * ingressOnlyFailures counts the failed answers that Traefik gave without asking a server: those of its entry points minus those
 * of its services, for each code. A running request is counted at one place before the other, so the difference fluctuates. A
 * counter may not fall.
 */
function ingressOnlyFailures(): (samples: readonly MetricSample[], timeMs: number) => readonly Reading[] {
  const counts = new Map<string, number>();
  return (samples, timeMs) => {
    const differences = new Map<string, number>();
    for (const { name, labels, value } of samples) {
      const code = labels["code"] ?? "";
      const sign = name === "traefik_entrypoint_requests_total" ? 1 : name === "traefik_service_requests_total" ? -1 : 0;
      if (sign !== 0 && /^[45]\d\d$/.test(code)) differences.set(code, (differences.get(code) ?? 0) + sign * value);
    }
    for (const [code, difference] of differences) counts.set(code, Math.max(0, difference, counts.get(code) ?? 0));
    return [...counts].flatMap(([code, count]) =>
      observe({ timeMs, arm: null, probe: "traefik", labels: { code } }, { ingress_only_failures: count > 0 ? count : null }),
    );
  };
}

function certificateReadings(samples: readonly MetricSample[], timeMs: number): readonly Reading[] {
  return certificatesOf(samples).flatMap(({ name, endsMs }) =>
    observe({ timeMs, arm: null, probe: "traefik", labels: { certificate: name } }, { certificate_left_ms: endsMs - timeMs }),
  );
}
