import type { Arm } from "../../domain/arm.ts";
import { ARMS } from "../../domain/arm.ts";
import type { Probe, Reading } from "../../domain/reading.ts";
import type { Target } from "../../domain/target.ts";
import { fromZero } from "../from-zero.ts";
import { parsePrometheusText } from "./prometheus-text.ts";
import { traefikReadings } from "./traefik-readings.ts";

/** traefikProbe reads Traefik's own metrics page; the arms are told apart by the name of their service. */
export function traefikProbe(target: Target, url: string, options: { everyMs: number }): Probe {
  const services = traefikServices(target);
  const complete = fromZero();
  async function sample(signal: AbortSignal): Promise<readonly Reading[]> {
    const samples = parsePrometheusText(await fetchMetrics(url, signal));
    return complete(traefikReadings(samples, services, Date.now()));
  }
  return { name: "traefik", everyMs: options.everyMs, start: sample, sample, stop: sample };
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
