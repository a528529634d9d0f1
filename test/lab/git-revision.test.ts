import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { findGitRevision } from "../../src/lab/databases/release-database.ts";
import { temporaryFolders } from "./temporary-folder.ts";

const newFolder = temporaryFolders();
const { signal } = new AbortController();

test("a folder's revision is the last commit that touched it, and local changes are mentioned", async () => {
  const clone = newFolder();
  const addons = join(clone, "addons");
  const git = (...argv: readonly string[]) =>
    execFileSync("git", ["-C", clone, "-c", "user.name=t", "-c", "user.email=t@example.invalid", ...argv], {
      encoding: "utf8",
    }).trim();
  git("init", "--quiet");
  mkdirSync(addons);
  writeFileSync(join(addons, "sale.py"), "a");
  expect(await findGitRevision(addons, signal)).toBeNull();
  git("add", ".");
  git("commit", "--quiet", "-m", "Add the addon");
  const revision = git("rev-parse", "HEAD");
  writeFileSync(join(clone, "elsewhere"), "b");
  git("add", ".");
  git("commit", "--quiet", "-m", "Change something else");
  expect(await findGitRevision(addons, signal)).toBe(revision);
  writeFileSync(join(addons, "sale.py"), "c");
  expect(await findGitRevision(addons, signal)).toBe(`${revision} with local changes`);
});

test("a folder outside of a clone has no revision", async () => {
  expect(await findGitRevision(newFolder(), signal)).toBeNull();
});
