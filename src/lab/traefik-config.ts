import { stringify } from "yaml";
import { type Arm, ARMS } from "../domain/arm.ts";

/** Seconds. Traefik's own four steps end at 5 s (pkg/metrics), too coarse for p95 and blind to the slow tail of a retail peak. */
const BUCKETS = [0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.8, 1, 1.5, 2, 3, 5, 8, 12, 20, 30];

/** traefikServiceName is the name of an arm's service in Traefik's metrics and access log. */
export function traefikServiceName(arm: Arm): string {
  return `${serviceOf(arm)}@file`;
}

/** renderTraefikConfig renders the static configuration (/mnt is the lab): one loopback entry point for each arm, and one for metrics and ping. */
export function renderTraefikConfig(ports: Readonly<Record<Arm | "metrics", number>>): string {
  const address = (port: number) => ({ address: `127.0.0.1:${port}` });
  return stringify({
    global: { checkNewVersion: false, sendAnonymousUsage: false },
    entryPoints: { baseline: address(ports.baseline), candidate: address(ports.candidate), metrics: address(ports.metrics) },
    providers: { providersThrottleDuration: "200ms", file: { directory: "/mnt/traefik/dynamic", watch: true } },
    log: { level: "WARN", noColor: true },
    accessLog: { format: "json", filePath: "/mnt/log/traefik-access.log" },
    ping: { entryPoint: "metrics" },
    metrics: {
      prometheus: {
        entryPoint: "metrics",
        addEntryPointsLabels: true,
        addServicesLabels: true,
        addRoutersLabels: true,
        buckets: BUCKETS,
      },
    },
  });
}

/** serviceOf is what an arm's service is called in Traefik's own files. */
export function serviceOf(arm: Arm): string {
  return `odoo-${arm}`;
}

/** renderTraefikRoutes renders the dynamic configuration: each entry point leads to its arm's Odoo and nowhere else. */
export function renderTraefikRoutes(odooPorts: Readonly<Record<Arm, number>>): string {
  const routers = ARMS.map((arm) => [arm, { entryPoints: [arm], rule: "PathPrefix(`/`)", service: serviceOf(arm) }]);
  const services = ARMS.map((arm) => [
    serviceOf(arm),
    { loadBalancer: { passHostHeader: true, servers: [{ url: `http://127.0.0.1:${odooPorts[arm]}` }] } },
  ]);
  return stringify({ http: { routers: Object.fromEntries(routers), services: Object.fromEntries(services) } });
}
