import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Arm } from "../domain/arm.ts";
import { type Chroot, chrootUser, onHost } from "./chroot.ts";
import { startService, stopService, watchForEnd } from "./service-process.ts";
import { renderTraefikConfig, renderTraefikRoutes } from "./traefik-config.ts";
import { waitUntil } from "./wait-until.ts";
import { writeFileAtomically } from "./write-file-atomically.ts";

const NAME = "traefik";

/** startTraefik starts the ingress, which may be the machine's own. */
export async function startTraefik(
  chroot: Chroot,
  options: { binary: string; ports: Readonly<Record<Arm | "metrics", number>> },
  signal: AbortSignal,
): Promise<void> {
  const folder = join(chroot.lab, "traefik");
  mkdirSync(join(folder, "dynamic"), { recursive: true });
  // The mount of the program needs something to lie upon.
  writeFileSync(join(chroot.lab, "program"), "");
  writeFileAtomically(join(folder, "traefik.yml"), renderTraefikConfig(options.ports));
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

/** stopTraefik ends it. */
export async function stopTraefik(lab: string): Promise<void> {
  await stopService(lab, NAME, { signal: "SIGTERM", graceMs: 3000 });
}

/** isTraefikHealthy asks its ping end point. */
export async function isTraefikHealthy(metricsPort: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${metricsPort}/ping`, { signal: AbortSignal.timeout(3000) });
  return answer.status === 200;
}

/** traefikRoutePath is a file of routes; Traefik takes up by itself what is written there. */
export function traefikRoutePath(lab: string, file: "arms.yml" | "drill.yml"): string {
  return join(lab, "traefik", "dynamic", file);
}

/** routeTraefik points the arms' entry points at their Odoo, and forgets the route of a drill that was killed. */
export function routeTraefik(lab: string, odooPorts: Readonly<Record<Arm, number>>): void {
  rmSync(traefikRoutePath(lab, "drill.yml"), { force: true });
  writeFileAtomically(traefikRoutePath(lab, "arms.yml"), renderTraefikRoutes(odooPorts));
}
