import { existsSync, readFileSync } from "node:fs";
import { runCommand } from "./run-command.ts";

/** removeFolder deletes a folder tree. It refuses one with something mounted below, such as the host's /dev. */
export async function removeFolder(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const mounted = mountPointsBelow(folder, readFileSync("/proc/self/mounts", "utf8"));
  if (mounted.length > 0) throw new Error(`${folder} is not removed: ${mounted.join(", ")} is mounted below it`);
  // Unlike Node's own rm it stays on one file system and is quick with the 60,000 files of a root filesystem.
  await runCommand(`Removing ${folder}`, ["rm", "-rf", "--one-file-system", "--", folder], {
    signal: new AbortController().signal,
    timeoutMs: 120_000,
    hint: `Remove ${folder} by hand.`,
  });
}

/** mountPointsBelow reads /proc/self/mounts; the kernel writes blanks in paths as octal escapes. */
export function mountPointsBelow(folder: string, mounts: string): readonly string[] {
  return mounts
    .split("\n")
    .map((line) =>
      (line.split(" ")[1] ?? "").replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
    )
    .filter((path) => path.startsWith(`${folder}/`));
}
