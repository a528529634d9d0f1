import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

import { HarnessError } from "../../domain/error.ts";
import { hashText, removeFolder } from "../machine/folders.ts";
import { withLock } from "../machine/lock.ts";
import { listServices, stopService } from "../machine/service-process.ts";

const STAMP = "peakproof.json";
const HALF_BUILT = ".building";

/** CacheKind is the kind of a cache entry. */
export type CacheKind = "rootfs" | "k6" | "traefik" | "shop";

export interface CacheRecipe {
  readonly kind: CacheKind;
  /** Everything that determines the content, as text. The folder name contains its hash, so a changed recipe gets a new entry. */
  readonly recipe: string;
  /** Fills a new folder. */
  readonly build: (folder: string) => Promise<void>;
  /** Returns the defect of a finished entry, or null. */
  readonly findDefect: (folder: string) => string | null;
}

/** ensureCacheEntry returns the folder of an entry. It builds the entry where it is missing or damaged. */
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
      const defect = entry.findDefect(building);
      if (defect !== null) throw new Error(`the new ${entry.kind} is not usable: ${defect}`);
      // The stamp is the last file and the rename the last step, so an entry is either complete or absent.
      writeFileSync(join(building, STAMP), stampOf(entry));
      renameSync(building, folder);
    } catch (error) {
      await removeHalfBuilt(cache, entry.kind);
      throw error instanceof HarnessError ? error : cannotBuild(entry.kind, error);
    }
    return folder;
  });
}

/** cacheEntryFolder is the folder of an entry, whether the entry exists or not. */
export function cacheEntryFolder(cache: string, entry: { readonly kind: CacheKind; readonly recipe: string }): string {
  return join(cache, `${entry.kind}-${hashText(entry.recipe)}`);
}

/** isCached says whether a complete entry of this recipe exists. */
export function isCached(cache: string, entry: CacheRecipe): boolean {
  const folder = cacheEntryFolder(cache, entry);
  try {
    return readFileSync(join(folder, STAMP), "utf8") === stampOf(entry) && entry.findDefect(folder) === null;
  } catch {
    return false;
  }
}

/**
 * cacheFolder is the folder of everything that takes long to build. All clones of this project and all labs of one user share it.
 */
export function cacheFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const base = environment["XDG_CACHE_HOME"];
  // The XDG base directory specification requires that a relative path is ignored.
  return join(base?.startsWith("/") === true ? base : join(homedir(), ".cache"), "peakproof");
}

function stampOf(entry: CacheRecipe): string {
  return `${JSON.stringify({ kind: entry.kind, recipe: hashText(entry.recipe) })}\n`;
}

/** removeHalfBuilt removes what an interrupted build left: first the services that it started, then its files. */
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
      hint: "Run the command again. The incomplete build has been removed.",
      cause: error,
    },
  );
}
