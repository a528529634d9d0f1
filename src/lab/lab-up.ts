import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Chroot } from "./chroot.ts";
import { copyTree } from "./copy-tree.ts";
import type { LabOptions } from "./lab-context.ts";
import { ensureLabEntries } from "./lab-entries.ts";
import { makeLabFolders } from "./lab-folders.ts";
import { withLabLock } from "./lab-lock.ts";
import { type LabState, readLabState, writeLabState } from "./lab-state.ts";
import { findFreePorts } from "./ports.ts";
import { removeFolder } from "./remove-folder.ts";
import { labFolder } from "./running-lab.ts";
import { isHealthy, startSharedServices, stopAllServices } from "./shared-services.ts";
import { writeFileAtomically } from "./write-file-atomically.ts";

/** Measured: 3 s. */
const START_EXPECTED_MS = 4000;
/** Says which shop the data folder was copied from, once the copy is whole. */
const ORIGIN_FILE = "postgres-origin";

/**
 * labUp brings up what both arms share: PostgreSQL, Redis and Traefik. Where they run and answer, it does nothing; where some of
 * them died (a power cut), it stops the rest and starts all.
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

/** restoreShop copies the shop's data folder into the lab, unless it runs on a copy of the same shop already. */
async function restoreShop(chroot: Chroot, shop: string, signal: AbortSignal): Promise<void> {
  const origin = join(chroot.lab, ORIGIN_FILE);
  if (existsSync(origin) && readFileSync(origin, "utf8").trim() === shop && existsSync(join(chroot.lab, "postgres/PG_VERSION")))
    return;
  for (const folder of ["postgres", "releases", "arms"]) await removeFolder(join(chroot.lab, folder));
  await copyTree(join(shop, "postgres"), join(chroot.lab, "postgres"), signal);
  makeLabFolders(chroot);
  writeFileAtomically(origin, `${shop}\n`);
}
