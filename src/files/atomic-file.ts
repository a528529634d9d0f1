import { chownSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** writeFileAtomic replaces the text at `path` as a whole: if the process is killed, the file holds either the old text or the new text. */
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

/** writeFileAtomically replaces a file as a whole: a reader, or a power cut, sees the old one or the new one. */
export function writeFileAtomically(
  path: string,
  content: string,
  options: { mode?: number; owner?: { readonly uid: number; readonly gid: number } } = {},
): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.new`;
  writeFileSync(draft, content, { mode: options.mode ?? 0o644, flush: true });
  if (options.owner !== undefined) chownSync(draft, options.owner.uid, options.owner.gid);
  renameSync(draft, path);
}
