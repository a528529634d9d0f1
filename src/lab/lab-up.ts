import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { type Arm, ARMS } from "../domain/arm.ts";
import type { Finding } from "../domain/target/finding.ts";
import { writeFileAtomicSync } from "../files/atomic-file.ts";
import { ensureLabEntries } from "./lab-entries.ts";
import type { Chroot } from "./machine/chroot.ts";
import { copyTree, removeFolder } from "./machine/folders.ts";
import { findFreePorts } from "./machine/ports.ts";
import { readService } from "./machine/service-process.ts";
import {
  isHealthy,
  labFolder,
  odooServiceName,
  SHARED_SERVICES,
  startSharedServices,
  stopAllServices,
} from "./services/running-lab.ts";
import { goSearchPath } from "./setup/go-binary.ts";
import { BECOME_ROOT, findProgram } from "./setup/prerequisites.ts";
import { type LabOptions, type LabState, makeLabFolders, readLabState, withLabLock, writeLabState } from "./state/state.ts";

/** Measured: 3 s. */
const START_EXPECTED_MS = 4000;
/** Names the shop that the data folder was copied from. It is written when the copy is complete. */
const ORIGIN_FILE = "postgres-origin";

/**
 * labUp starts the services that both arms share: PostgreSQL, Redis and Traefik. Where all of them run and answer, it does
 * nothing. Where some have ended (for example after a power cut), it stops the others and starts all.
 */
export async function labUp(options: LabOptions): Promise<LabState> {
  const entries = await ensureLabEntries(options);
  const lab = labFolder(options.projectDir);
  mkdirSync(lab, { recursive: true });
  return withLabLock(lab, options.signal, async () => {
    const before = readLabState(lab);
    const isSame = before !== null && JSON.stringify(before.entries) === JSON.stringify(entries);
    if (isSame && (await isHealthy(lab, before))) return before;
    options.progress.stage("Starting PostgreSQL, Redis and Traefik", START_EXPECTED_MS);
    await stopAllServices(lab);
    const chroot: Chroot = { root: entries.rootfs, lab };
    makeLabFolders(chroot);
    await restoreShop(chroot, entries.shop, options.signal);
    const [postgres = 0, redis = 0, metrics = 0, baseline = 0, candidate = 0] = await findFreePorts(5);
    const state: LabState = { schemaVersion: 1, entries, ports: { postgres, redis, metrics, baseline, candidate } };
    writeLabState(lab, state);
    try {
      await startSharedServices(chroot, state, options.signal);
    } catch (error) {
      await stopAllServices(lab);
      throw error;
    }
    return state;
  });
}

/** labDown stops all services of the lab. The databases are kept for the next `labUp`. */
export async function labDown(options: LabOptions): Promise<void> {
  const lab = labFolder(options.projectDir);
  if (!existsSync(lab)) return;
  options.progress.stage("Stopping the lab", 3000);
  await withLabLock(lab, options.signal, () => stopAllServices(lab));
}

/** labReset deletes the lab's databases and logs, and starts the lab from the cached shop. */
export async function labReset(options: LabOptions): Promise<LabState> {
  await labDown(options);
  await removeFolder(labFolder(options.projectDir));
  return labUp(options);
}

/** LabStatus is the current state of a lab. */
export interface LabStatus {
  /** `broken`: some services do not run or do not answer. `labUp` repairs that. */
  readonly health: "up" | "down" | "broken";
  readonly services: readonly { readonly name: string; readonly pid: number | null; readonly address: string | null }[];
}

/** labStatus reads the state of the lab. It changes nothing. */
export async function labStatus(options: Pick<LabOptions, "projectDir">): Promise<LabStatus> {
  const lab = labFolder(options.projectDir);
  const state = readLabState(lab);
  const address = (port: number | undefined, scheme = "") => (port === undefined ? null : `${scheme}127.0.0.1:${port}`);
  const pidOf = (name: string) => readService(lab, name)?.pid ?? null;
  const ports = { postgres: state?.ports.postgres, redis: state?.ports.redis, traefik: state?.ports.metrics };
  const services = [
    ...SHARED_SERVICES.map((name) => ({ name, pid: pidOf(name), address: address(ports[name]) })),
    ...ARMS.map((arm: Arm) => ({
      name: odooServiceName(arm),
      pid: pidOf(odooServiceName(arm)),
      address: address(state?.ports[arm], "http://"),
    })),
  ];
  if (services.every(({ pid }) => pid === null)) return { health: "down", services };
  return { health: state !== null && (await isHealthy(lab, state)) ? "up" : "broken", services };
}

/** examineLab checks whether the native lab can be built and run on this machine. It changes nothing. */
export async function examineLab(options: { projectDir: string }): Promise<readonly Finding[]> {
  const { health, services } = await labStatus(options);
  return [
    {
      name: "root",
      ok: process.getuid?.() === 0,
      needed: true,
      text: process.getuid?.() === 0 ? "the process may mount and change the user" : "the native lab needs root",
      remedy: BECOME_ROOT,
    },
    program("unshare", "util-linux", true),
    program("mmdebstrap", "mmdebstrap", false),
    program("go", "Go 1.21 or newer, or k6 2.x and Traefik 3.x in PATH", false),
    {
      name: "lab",
      ok: health === "up",
      needed: true,
      text: `lab ${health}: ${services.map(({ name, pid }) => `${name} ${pid === null ? "not running" : `pid ${pid}`}`).join(", ")}`,
      remedy: "Start or repair the lab: peakproof lab up",
    },
  ];
}

/** restoreShop copies the shop's data folder into the lab, unless the lab already has a copy of the same shop. */
async function restoreShop(chroot: Chroot, shop: string, signal: AbortSignal): Promise<void> {
  const origin = join(chroot.lab, ORIGIN_FILE);
  if (existsSync(origin) && readFileSync(origin, "utf8").trim() === shop && existsSync(join(chroot.lab, "postgres/PG_VERSION")))
    return;
  for (const folder of ["postgres", "releases", "arms"]) await removeFolder(join(chroot.lab, folder));
  await copyTree(join(shop, "postgres"), join(chroot.lab, "postgres"), signal);
  makeLabFolders(chroot);
  writeFileAtomicSync(origin, `${shop}\n`);
}

function program(name: string, from: string, needed: boolean): Finding {
  const path = findProgram(name, goSearchPath());
  return {
    name,
    ok: path !== null,
    needed,
    text: path ?? `${name} is not in PATH`,
    remedy: needed ? `Install ${from}.` : `Install ${from}. Only building the lab needs it.`,
  };
}
