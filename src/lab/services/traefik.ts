import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { stringify } from "yaml";

import { type Arm, ARMS } from "../../domain/arm.ts";
import { writeFileAtomicSync } from "../../files/atomic-file.ts";
import { type Chroot, chrootUser, onHost } from "../machine/chroot.ts";
import { waitUntil } from "../machine/run-command.ts";
import { startService, stopService, watchForEnd } from "../machine/service-process.ts";

const NAME = "traefik";
/**
 * Seconds. Traefik's default buckets, four steps up to 5 s (pkg/metrics), are too coarse for p95 and end below the slow tail of a
 * retail peak.
 */
const BUCKETS = [0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.8, 1, 1.5, 2, 3, 5, 8, 12, 20, 30];

/** startTraefik starts the ingress, with the machine's own Traefik or the one in the cache. */
export async function startTraefik(
  chroot: Chroot,
  options: { binary: string; ports: Readonly<Record<Arm | "metrics", number>> },
  signal: AbortSignal,
): Promise<void> {
  const folder = join(chroot.lab, "traefik");
  mkdirSync(join(folder, "dynamic"), { recursive: true });
  // The bind mount of the program needs an existing file.
  writeFileSync(join(chroot.lab, "program"), "");
  writeFileAtomicSync(join(folder, "traefik.yml"), renderTraefikConfig(options.ports));
  const argv = onHost(chroot.lab, options.binary, chrootUser(chroot.root, "odoo"), ["--configFile=/mnt/traefik/traefik.yml"]);
  startService(chroot.lab, { name: NAME, argv });
  const hint = `Read ${chroot.lab}/log/traefik.out.`;
  const isHopeless = watchForEnd(chroot.lab, NAME);
  await waitUntil("Traefik did not start", () => isTraefikHealthy(options.ports.metrics), {
    timeoutMs: 30_000,
    signal,
    hint,
    isHopeless,
  });
}

/** stopTraefik stops the Traefik of the lab. */
export async function stopTraefik(lab: string): Promise<void> {
  await stopService(lab, NAME, { signal: "SIGTERM", graceMs: 3000 });
}

/** isTraefikHealthy says whether Traefik's ping endpoint answers. */
export async function isTraefikHealthy(metricsPort: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${metricsPort}/ping`, { signal: AbortSignal.timeout(3000) });
  return answer.status === 200;
}

/** traefikRoutePath is the path of a file with routes. Traefik watches the folder and applies changes itself. */
export function traefikRoutePath(lab: string, file: "arms.yml" | "drill.yml"): string {
  return join(lab, "traefik", "dynamic", file);
}

/** routeTraefik points the arms' entry points at their Odoo, and removes the route that a killed drill left behind. */
export function routeTraefik(lab: string, odooPorts: Readonly<Record<Arm, number>>): void {
  rmSync(traefikRoutePath(lab, "drill.yml"), { force: true });
  writeFileAtomicSync(traefikRoutePath(lab, "arms.yml"), renderTraefikRoutes(odooPorts));
}

/** traefikServiceName is the name of an arm's service in Traefik's metrics and access log. */
export function traefikServiceName(arm: Arm): string {
  return `${serviceOf(arm)}@file`;
}

/**
 * renderTraefikConfig renders the static configuration (/mnt is the lab): one loopback entry point for each arm, and one for
 * metrics and ping.
 */
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

/** serviceOf is the name of an arm's service in Traefik's configuration. */
export function serviceOf(arm: Arm): string {
  return `odoo-${arm}`;
}

/** renderTraefikRoutes renders the dynamic configuration: each entry point leads only to the Odoo of its arm. */
export function renderTraefikRoutes(odooPorts: Readonly<Record<Arm, number>>): string {
  const routers = ARMS.map((arm) => [arm, { entryPoints: [arm], rule: "PathPrefix(`/`)", service: serviceOf(arm) }]);
  const services = ARMS.map((arm) => [
    serviceOf(arm),
    { loadBalancer: { passHostHeader: true, servers: [{ url: `http://127.0.0.1:${odooPorts[arm]}` }] } },
  ]);
  return stringify({ http: { routers: Object.fromEntries(routers), services: Object.fromEntries(services) } });
}
