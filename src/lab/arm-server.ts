import { cpSync } from "node:fs";
import { join } from "node:path";
import { type Arm, ARMS } from "../domain/arm.ts";
import type { ArmDatabase } from "./arm-database.ts";
import type { Chroot } from "./chroot.ts";
import { isCompiledPython } from "./content-hash.ts";
import { SERVER_WIDE_MODULE, startOdoo, stopOdoo } from "./odoo-service.ts";
import { packageFile } from "./package-folder.ts";
import { redisUrl } from "./redis-service.ts";
import type { RunningLab } from "./running-lab.ts";
import { watchForEnd } from "./service-process.ts";
import { odooServiceName } from "./shared-services.ts";
import { waitUntil } from "./wait-until.ts";

const START_TIMEOUT_MS = 120_000;

/** copyLabAddons puts the addons that belong to the lab, and to no release, where Odoo can read them. */
export function copyLabAddons(chroot: Chroot): void {
  const filter = (path: string) => !isCompiledPython(path.split("/").at(-1) ?? "");
  cpSync(packageFile("fixtures", "addons", "lab"), join(chroot.lab, "odoo", "addons"), { recursive: true, filter });
}

/** startArm starts an arm's Odoo as a release is run in production: several workers behind a proxy, one database, sessions in Redis. */
export function startArm(
  lab: RunningLab,
  clone: ArmDatabase,
  ports: { readonly port: number; readonly longpollingPort: number },
): void {
  const { arm, database, source, spec } = clone;
  startOdoo(lab.chroot, {
    name: odooServiceName(arm),
    environment: { PEAKPROOF_REDIS_URL: redisUrl(lab.state.ports.redis), ...spec.settings.environment },
    server: {
      database,
      dataFolder: `/lab/arms/${arm}/data`,
      logFile: `/lab/arms/${arm}/odoo.log`,
      addonsFolders: [source.addonsFolder, "/lab/odoo/addons"],
      serverWideModules: [SERVER_WIDE_MODULE],
      postgresPort: lab.state.ports.postgres,
      postgresPassword: lab.secrets.odoo,
      masterPassword: lab.secrets.odooMaster,
      http: { ...ports, workers: spec.settings.workers, cronThreads: spec.settings.cronThreads },
    },
  });
}

/** waitForArm waits until an arm's Odoo answers through Traefik. */
export async function waitForArm(lab: RunningLab, arm: Arm, label: string): Promise<void> {
  const url = `http://127.0.0.1:${lab.state.ports[arm]}/web/login`;
  const check = async () =>
    (await fetch(url, { signal: AbortSignal.any([lab.signal, AbortSignal.timeout(30_000)]), redirect: "manual" })).status === 200;
  const isHopeless = watchForEnd(lab.chroot.lab, odooServiceName(arm));
  const hint = `Read ${join(lab.chroot.lab, "arms", arm, "odoo.log")} and ${join(lab.chroot.lab, "log", `${odooServiceName(arm)}.out`)}.`;
  await waitUntil(`Odoo of release ${label} does not answer`, check, {
    timeoutMs: START_TIMEOUT_MS,
    signal: lab.signal,
    hint,
    isHopeless,
  });
}

/** stopArmServers stops the Odoo of both arms. */
export async function stopArmServers(lab: string): Promise<void> {
  await Promise.all(ARMS.map((arm) => stopOdoo(lab, odooServiceName(arm))));
}
