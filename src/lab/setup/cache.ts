import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

import { HarnessError } from "../../domain/error.ts";
import { hashText, removeFolder } from "../machine/folders.ts";
import { withLock } from "../machine/lock.ts";
import { listServices, stopService } from "../machine/service-process.ts";

const STAMP = "peakproof.json";
const HALF_BUILT = ".building";

/** CacheKind is what the cache holds. */
export type CacheKind = "rootfs" | "k6" | "traefik" | "shop";

export interface CacheRecipe {
  readonly kind: CacheKind;
  /** Everything that decides the content, as text. Its hash is the name, so a changed recipe never meets an old entry. */
  readonly recipe: string;
  /** Fills a new folder. */
  readonly build: (folder: string) => Promise<void>;
  /** Says what is missing in a finished entry, or null. */
  readonly findFault: (folder: string) => string | null;
}

/** ensureCacheEntry returns the folder of an entry and builds it where it is missing or damaged. */
export async function ensureCacheEntry(
  cache: string,
  entry: CacheRecipe,
  options: { signal: AbortSignal; onWait: (holderPid: number | null) => void },
): Promise<string> {
  const folder = cacheEntryFolder(cache, entry);
  if (isCached(cache, entry)) return folder;
  return withLock(cache, entry.kind, options, async () => {
    // Another process may have built it while this one waited.
    if (isCached(cache, entry)) return folder;
    await removeHalfBuilt(cache, entry.kind);
    await removeFolder(folder);
    const building = `${folder}${HALF_BUILT}`;
    mkdirSync(building);
    try {
      await entry.build(building);
      const fault = entry.findFault(building);
      if (fault !== null) throw new Error(`the ${entry.kind} that was just built is not usable: ${fault}`);
      // The stamp is the last file, the rename the last act: an entry is whole or it is not there.
      writeFileSync(join(building, STAMP), stampOf(entry));
      renameSync(building, folder);
    } catch (error) {
      await removeHalfBuilt(cache, entry.kind);
      throw error instanceof HarnessError ? error : cannotBuild(entry.kind, error);
    }
    return folder;
  });
}

/** cacheEntryFolder is where an entry is, or will be. */
export function cacheEntryFolder(cache: string, entry: { readonly kind: CacheKind; readonly recipe: string }): string {
  return join(cache, `${entry.kind}-${hashText(entry.recipe)}`);
}

/** isCached tells whether an entry is there, whole, and made from this recipe. */
export function isCached(cache: string, entry: CacheRecipe): boolean {
  const folder = cacheEntryFolder(cache, entry);
  try {
    return readFileSync(join(folder, STAMP), "utf8") === stampOf(entry) && entry.findFault(folder) === null;
  } catch {
    return false;
  }
}

/** cacheFolder is where everything lives that is dear to make; clones of this project and labs of one user share it. */
export function cacheFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const base = environment["XDG_CACHE_HOME"];
  // The XDG base directory specification: a relative path is invalid and has to be ignored.
  return join(base?.startsWith("/") === true ? base : join(homedir(), ".cache"), "peakproof");
}

function stampOf(entry: CacheRecipe): string {
  return `${JSON.stringify({ kind: entry.kind, recipe: hashText(entry.recipe) })}\n`;
}

/** removeHalfBuilt clears away what an interrupted build left: first the services that it had started, then its files. */
async function removeHalfBuilt(cache: string, kind: CacheKind): Promise<void> {
  for (const name of readdirSync(cache)) {
    if (!name.startsWith(`${kind}-`) || !name.endsWith(HALF_BUILT)) continue;
    const folder = join(cache, name);
    for (const service of listServices(folder)) await stopService(folder, service, { signal: "SIGKILL", graceMs: 0 });
    await removeFolder(folder);
  }
}

function cannotBuild(kind: CacheKind, error: unknown): HarnessError {
  return new HarnessError(
    "cannot-measure",
    `The lab's ${kind} could not be built: ${error instanceof Error ? error.message : String(error)}`,
    {
      hint: "Start the command again; what was half-built has been removed.",
      cause: error,
    },
  );
}
