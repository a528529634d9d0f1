import { type Arm, ARMS } from "../../domain/arm.ts";
import type { Probe, Reading } from "../../domain/reading.ts";
import type { Target } from "../../domain/target/target.ts";
import { fromZero } from "../from-zero.ts";
import { observe } from "../observe.ts";
import { certificatesOf } from "./certificates.ts";
import { ingressOnlyFailures } from "./ingress-only-failures.ts";
import { type MetricSample, parsePrometheusText } from "./prometheus-text.ts";
import { traefikReadings } from "./traefik-readings.ts";

/** traefikProbe reads Traefik's own metrics page; the arms are told apart by the name of their service. */
export function traefikProbe(target: Target, url: string, options: { everyMs: number }): Probe {
  const services = traefikServices(target);
  const complete = fromZero();
  const ingressOnly = ingressOnlyFailures();
  const look = async (signal: AbortSignal) => parsePrometheusText(await fetchMetrics(url, signal));
  const read = (samples: readonly MetricSample[], timeMs: number) =>
    complete([...traefikReadings(samples, services, timeMs), ...ingressOnly(samples, timeMs)]);
  const sample = async (signal: AbortSignal) => read(await look(signal), Date.now());
  return {
    name: "traefik",
    everyMs: options.everyMs,
    async start(signal) {
      const [samples, timeMs] = [await look(signal), Date.now()];
      return [...read(samples, timeMs), ...certificateReadings(samples, timeMs)];
    },
    sample,
    stop: sample,
  };
}

function certificateReadings(samples: readonly MetricSample[], timeMs: number): readonly Reading[] {
  return certificatesOf(samples).flatMap(({ name, endsMs }) =>
    observe({ timeMs, arm: null, probe: "traefik", labels: { certificate: name } }, { certificate_left_ms: endsMs - timeMs }),
  );
}

export function traefikServices(target: Target): ReadonlyMap<string, Arm> {
  return new Map(
    ARMS.flatMap((arm) => {
      const service = target.arms[arm]?.traefikService ?? null;
      return service === null ? [] : [[service, arm] as const];
    }),
  );
}

export async function fetchMetrics(url: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { signal });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return text;
}
