import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { runCommand } from "./run-command.ts";

/** copyTree copies a folder with owners and modes. It shares blocks where the file system supports that. */
export async function copyTree(from: string, to: string, signal: AbortSignal): Promise<void> {
  await copy(["cp", "-a", "--reflink=auto", "-T", from, to], to, signal);
}

/** linkTree copies a folder as hard links. That is safe for Odoo's filestore, whose files are written once and never changed. */
export async function linkTree(from: string, to: string, signal: AbortSignal): Promise<void> {
  await copy(["cp", "-al", "-T", from, to], to, signal);
}

/** removeFolder deletes a folder tree. It refuses a folder with mount points below it, such as the host's /dev. */
export async function removeFolder(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const mounted = mountPointsBelow(folder, readFileSync("/proc/self/mounts", "utf8"));
  if (mounted.length > 0) throw new Error(`${folder} cannot be removed: ${mounted.join(", ")} is mounted below it`);
  // Unlike Node's rm, this stays on one file system, and it is fast for the 60,000 files of a root filesystem.
  await runCommand(`Removing ${folder}`, ["rm", "-rf", "--one-file-system", "--", folder], {
    signal: new AbortController().signal,
    timeoutMs: 120_000,
    hint: `Remove ${folder} manually.`,
  });
}

/** mountPointsBelow parses /proc/self/mounts. The kernel writes blanks in paths as octal escapes. */
export function mountPointsBelow(folder: string, mounts: string): readonly string[] {
  return mounts
    .split("\n")
    .map((line) =>
      (line.split(" ")[1] ?? "").replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
    )
    .filter((path) => path.startsWith(`${folder}/`));
}

/** hashText returns the first 16 hex digits of the SHA-256 of a text. */
export function hashText(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** hashFolder returns a hash of the paths and contents of all files in a folder, without compiled Python files. */
export function hashFolder(folder: string): string {
  const hash = createHash("sha256");
  for (const path of listFiles(folder, "")) {
    const content = readFileSync(join(folder, path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex").slice(0, 16);
}

/** isCompiledPython says whether a file name is that of compiled Python. */
export function isCompiledPython(name: string): boolean {
  return name === "__pycache__" || name.endsWith(".pyc");
}

/** packageFile returns the path of a file of this package. Sources and built code are equally deep below the package's folder. */
export function packageFile(...path: readonly string[]): string {
  return join(fileURLToPath(new URL("../../..", import.meta.url)), ...path);
}

async function copy(argv: readonly string[], to: string, signal: AbortSignal): Promise<void> {
  await runCommand(`Copying to ${to}`, argv, { signal, timeoutMs: 300_000, hint: "Check that the disk is not full." });
}

function listFiles(folder: string, prefix: string): readonly string[] {
  return readdirSync(join(folder, prefix), { withFileTypes: true })
    .filter((entry) => !isCompiledPython(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(prefix, entry.name);
      return entry.isDirectory() ? listFiles(folder, path) : [path];
    });
}
