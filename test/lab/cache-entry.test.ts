import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { expect, test } from "vitest";

import { waitUntil } from "../../src/lab/machine/run-command.ts";
import { readService, startService } from "../../src/lab/machine/service-process.ts";
import { cacheEntryFolder, type CacheRecipe, ensureCacheEntry, isCached } from "../../src/lab/setup/cache.ts";
import { temporaryFolders } from "./temporary-folder.ts";

const newFolder = temporaryFolders();
const { signal } = new AbortController();
const options = { signal, onWait: () => {} };

function recipe(text: string, build: (folder: string) => Promise<void>): CacheRecipe {
  return { kind: "k6", recipe: text, build, findDefect: (folder) => (existsSync(join(folder, "k6")) ? null : "k6 is missing") };
}

function countingRecipe(): { recipe: CacheRecipe; builds: () => number } {
  let count = 0;
  const build = async (folder: string) => {
    count += 1;
    await sleep(20);
    writeFileSync(join(folder, "k6"), "");
  };
  return { recipe: recipe("one", build), builds: () => count };
}

test("an entry is built once and then reused", async () => {
  const cache = newFolder();
  const { recipe: one, builds } = countingRecipe();
  const folder = await ensureCacheEntry(cache, one, options);
  expect(await ensureCacheEntry(cache, one, options)).toBe(folder);
  expect(builds()).toBe(1);
  expect(existsSync(join(folder, "k6"))).toBe(true);
});

test("two concurrent requests for the same entry build it once", async () => {
  const cache = newFolder();
  const { recipe: one, builds } = countingRecipe();
  const waits: (number | null)[] = [];
  const waiting = { signal, onWait: (pid: number | null) => void waits.push(pid) };
  const [first, second] = await Promise.all([ensureCacheEntry(cache, one, options), ensureCacheEntry(cache, one, waiting)]);
  expect(second).toBe(first);
  expect(builds()).toBe(1);
  expect(waits).toContain(process.pid);
});

test("a changed recipe gets another entry", async () => {
  const cache = newFolder();
  const build = async (folder: string) => writeFileSync(join(folder, "k6"), "");
  const one = await ensureCacheEntry(cache, recipe("one", build), options);
  const two = await ensureCacheEntry(cache, recipe("two", build), options);
  expect(two).not.toBe(one);
});

test("a failed build leaves nothing behind, and the next build starts in an empty folder", async () => {
  const cache = newFolder();
  const failing = recipe("one", async (folder) => {
    writeFileSync(join(folder, "half"), "");
    throw new Error("disk full");
  });
  await expect(ensureCacheEntry(cache, failing, options)).rejects.toMatchObject({
    code: "cannot-measure",
    message: expect.stringContaining("disk full"),
  });
  expect(readdirSync(cache)).toEqual([]);
  const folder = await ensureCacheEntry(cache, countingRecipe().recipe, options);
  expect(existsSync(join(folder, "half"))).toBe(false);
});

test("a build without a result makes no entry", async () => {
  const cache = newFolder();
  await expect(
    ensureCacheEntry(
      cache,
      recipe("one", async () => {}),
      options,
    ),
  ).rejects.toThrow("k6 is missing");
  expect(readdirSync(cache)).toEqual([]);
});

test("an entry with a missing file is built again", async () => {
  const cache = newFolder();
  const { recipe: one, builds } = countingRecipe();
  const folder = await ensureCacheEntry(cache, one, options);
  rmSync(join(folder, "k6"));
  expect(isCached(cache, one)).toBe(false);
  await ensureCacheEntry(cache, one, options);
  expect(builds()).toBe(2);
});

test("the files and the service of a killed build are removed", async () => {
  const cache = newFolder();
  const { recipe: one } = countingRecipe();
  const left = `${cacheEntryFolder(cache, one)}.building`;
  mkdirSync(left);
  writeFileSync(join(left, "half"), "");
  startService(left, { name: "postgres", argv: ["sleep", "600"] });
  await waitUntil("the service", async () => readService(left, "postgres") !== null, { timeoutMs: 30_000, signal, hint: "" });
  const orphan = readService(left, "postgres")?.pid ?? 0;
  const folder = await ensureCacheEntry(cache, one, options);
  expect(existsSync(`/proc/${orphan}`)).toBe(false);
  expect(readdirSync(folder).sort()).toEqual(["k6", "peakproof.json"]);
  expect(readdirSync(cache)).toHaveLength(1);
});
