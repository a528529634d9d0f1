import type { Reading } from "../../domain/reading.ts";
import { observe } from "../observe.ts";
import type { MetricSample } from "./prometheus-text.ts";

/**
 * ingressOnlyFailures counts the failed answers that Traefik gave without asking a server: those of its entry points, less those of
 * its services, code by code. A request under way is counted at one place before the other, so the difference trembles; a
 * counter may not fall.
 */
export function ingressOnlyFailures(): (samples: readonly MetricSample[], timeMs: number) => readonly Reading[] {
  const told = new Map<string, number>();
  return (samples, timeMs) => {
    const differences = new Map<string, number>();
    for (const { name, labels, value } of samples) {
      const code = labels["code"] ?? "";
      const sign = name === "traefik_entrypoint_requests_total" ? 1 : name === "traefik_service_requests_total" ? -1 : 0;
      if (sign !== 0 && /^[45]\d\d$/.test(code)) differences.set(code, (differences.get(code) ?? 0) + sign * value);
    }
    for (const [code, difference] of differences) told.set(code, Math.max(0, difference, told.get(code) ?? 0));
    return [...told].flatMap(([code, count]) =>
      observe({ timeMs, arm: null, probe: "traefik", labels: { code } }, { ingress_only_failures: count > 0 ? count : null }),
    );
  };
}
