import { chownSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * writeFileAtomic replaces a file as a whole: after a killed process or a power cut the file has either the old text or the new
 * text. The folder of the file must exist.
 */
export async function writeFileAtomic(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.part`;
  try {
    const file = await open(draft, "w");
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * writeFileAtomicSync gives the same guarantee synchronously, and also creates missing folders. `mode` is 0644 unless given;
 * `owner` is set before the file appears under its name.
 */
export function writeFileAtomicSync(
  path: string,
  text: string,
  options: { mode?: number; owner?: { readonly uid: number; readonly gid: number } } = {},
): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.new`;
  writeFileSync(draft, text, { mode: options.mode ?? 0o644, flush: true });
  if (options.owner !== undefined) chownSync(draft, options.owner.uid, options.owner.gid);
  renameSync(draft, path);
}
