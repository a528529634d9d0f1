import { HarnessError } from "../domain/error.ts";
import { type Progress, timeLeftMs } from "../domain/progress.ts";
import { shopRecipe } from "./databases/shop-template.ts";
import { cacheFolder, ensureCacheEntry, isCached } from "./setup/cache.ts";
import { buildGoBinary, ensureGo, findInstalled, type GoBinary, goBinaryRecipe, K6, TRAEFIK } from "./setup/go-binary.ts";
import { ensureRootfsPrerequisites, requireFreeSpace, requireMounts, requireRoot } from "./setup/prerequisites.ts";
import { rootfsRecipe } from "./setup/rootfs.ts";
import type { LabOptions, LabState } from "./state/state.ts";

/** ensureLabEntries builds the cache entries of the lab that are missing, and returns the paths of all of them. */
export async function ensureLabEntries(options: LabOptions): Promise<LabState["entries"]> {
  if (process.platform !== "linux") {
    throw new HarnessError("cannot-measure", "The native lab needs Linux", {
      hint: "Use the containers: peakproof lab up --engine docker.",
    });
  }
  requireRoot(process.getuid?.());
  await requireMounts(options.signal);
  const cache = options.cacheDir ?? cacheFolder(process.env);
  const installed = { k6: await findInstalled(K6, options.signal), traefik: await findInstalled(TRAEFIK, options.signal) };
  const missing = [K6, TRAEFIK].filter(
    (binary) => installed[binary.name] === null && !isCached(cache, goBinaryRecipe(binary, options)),
  );
  // Missing prerequisites are reported or installed before the parts that take minutes.
  if (!isCached(cache, rootfsRecipe(options))) {
    requireFreeSpace(cache);
    await ensureRootfsPrerequisites(options);
  }
  for (const binary of missing) await ensureGo(binary.name, options);

  const program = (binary: GoBinary, lane: LabOptions) => installed[binary.name] ?? buildGoBinary(binary, cache, waiting(lane));
  const [files, programs] = await bothOrNeither(
    options,
    async (lane) => {
      const rootfs = await ensureCacheEntry(cache, rootfsRecipe(lane), waiting(lane));
      return { rootfs, shop: await ensureCacheEntry(cache, shopRecipe(rootfs, lane), waiting(lane)) };
    },
    async (lane) => ({ k6: await program(K6, lane), traefik: await program(TRAEFIK, lane) }),
  );
  return { ...files, ...programs };
}

/** ensureK6 returns the path of a k6 2.x. A run against a target outside of the lab needs nothing else from the lab. */
export async function ensureK6(options: LabOptions): Promise<string> {
  const cache = options.cacheDir ?? cacheFolder(process.env);
  return (await findInstalled(K6, options.signal)) ?? buildGoBinary(K6, cache, waiting(options));
}

/**
 * bothOrNeither runs two tasks in parallel: installing packages uses one core, compiling uses all others. Where one task fails,
 * the other is aborted.
 */
async function bothOrNeither<First, Second>(
  options: LabOptions,
  first: (lane: LabOptions) => Promise<First>,
  second: (lane: LabOptions) => Promise<Second>,
): Promise<[First, Second]> {
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const failures: unknown[] = [];
  const run = async <Result>(work: (lane: LabOptions) => Promise<Result>, index: number): Promise<Result> => {
    const lane = lanes[index];
    try {
      return await work({ ...options, signal, progress: lane ?? options.progress });
    } catch (error) {
      failures.push(error);
      failed.abort();
      throw error;
    } finally {
      lane?.end();
    }
  };
  const lanes = sideBySide(options.progress, 2);
  const tasks = [run(first, 0), run(second, 1)] as const;
  // Both tasks must have ended and cleaned up before the first failure is thrown.
  await Promise.allSettled(tasks);
  if (failures.length > 0) throw failures[0];
  return Promise.all(tasks);
}

function waiting(options: LabOptions) {
  let isShown = false;
  return {
    ...options,
    onWait: (holderPid: number | null) => {
      if (!isShown)
        options.progress.stage(
          `Waiting for ${holderPid === null ? "another process" : `process ${holderPid}`}, which builds the same entry`,
          null,
        );
      isShown = true;
    },
  };
}

interface Lane {
  readonly name: string;
  readonly startMs: number;
  readonly expectedMs: number | null;
  readonly share: number | null;
  readonly detail: string;
}

/**
 * sideBySide splits one progress display between tasks that run in parallel. The display shows the names of all running tasks,
 * the share of each, and the time until the last one is expected to end.
 */
export function sideBySide(
  progress: Progress,
  count: number,
  now: () => number = Date.now,
): readonly (Progress & { end(): void })[] {
  const lanes: (Lane | null)[] = Array.from({ length: count }, () => null);
  const running = () => lanes.filter((lane) => lane !== null);
  const leftMs = () => {
    const left = running().map(({ startMs, share, expectedMs }) => timeLeftMs(now() - startMs, share, expectedMs));
    return left.some((ms) => ms === null) || left.length === 0 ? null : Math.max(...left.map((ms) => ms ?? 0));
  };
  const show = () => {
    const names = running().map(({ name }) => name);
    if (names.length > 0) progress.stage(names.join(" + "), leftMs());
  };
  return lanes.map((_, index) => ({
    stage: (name, expectedMs) => {
      lanes[index] = { name, startMs: now(), expectedMs, share: null, detail: "" };
      show();
    },
    update: (share, detail) => {
      const lane = lanes[index] ?? null;
      if (lane !== null) lanes[index] = { ...lane, share, detail };
      // The share of one task would be read as the share of all.
      if (running().length < 2) progress.update(share, detail, leftMs());
      else progress.update(null, running().flatMap(describeLane).join(" + "), leftMs());
    },
    note: (text) => progress.note(text),
    end: () => {
      const wasRunning = lanes[index] !== null;
      lanes[index] = null;
      if (wasRunning) show();
    },
  }));
}

function describeLane({ share, detail }: Lane): string[] {
  const done = share === null ? "" : `${Math.floor(100 * share)} %`;
  const text = [done, detail].filter((part) => part !== "").join(" · ");
  return text === "" ? [] : [text];
}
