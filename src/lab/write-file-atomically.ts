import { chownSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

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
