import type { Arm } from "../../domain/arm.ts";
import type { Reading } from "../../domain/reading.ts";
import { observe } from "../observe.ts";
import type { MetricSample } from "./prometheus-text.ts";

/** ServiceMetric sums Traefik's counters of one service under our name, apart by the labels kept; Traefik counts seconds. */
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

/** Version 2 counts open connections at each place under a name of its own, and reloads that failed, which 3 does not. */
const SHARED_METRICS: readonly { metric: string; name: string; keep: readonly string[]; factor: number }[] = [
  { metric: "traefik_entrypoint_requests_total", name: "entrypoint_requests", keep: ["code"], factor: 1 },
  { metric: "traefik_open_connections", name: "open_connections", keep: [], factor: 1 },
  { metric: "traefik_entrypoint_open_connections", name: "open_connections", keep: [], factor: 1 },
  { metric: "traefik_config_reloads_total", name: "config_reloads", keep: [], factor: 1 },
  { metric: "traefik_config_reloads_failure_total", name: "config_reload_failures", keep: [], factor: 1 },
  { metric: "process_cpu_seconds_total", name: "cpu_ms", keep: [], factor: 1000 },
];

/** traefikReadings sums what is told apart by method and protocol. Services of neither arm are not ours. */
export function traefikReadings(
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
