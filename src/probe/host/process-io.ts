import { readFileSync } from "node:fs";

/** parseProcessIo reads /proc/<pid>/io: bytes that a process made the disk read and write, or null where they are not told. */
export function parseProcessIo(text: string): number | null {
  const field = (name: string): number => Number(new RegExp(`^${name}: (\\d+)$`, "m").exec(text)?.[1] ?? Number.NaN);
  const bytes = field("read_bytes") + field("write_bytes");
  return Number.isFinite(bytes) ? bytes : null;
}

/** readProcessIo is null where this user may not look at the process (Linux shows its own processes' alone), or it has ended. */
export function readProcessIo(pid: number, root = "/proc"): number | null {
  try {
    return parseProcessIo(readFileSync(`${root}/${pid}/io`, "latin1"));
  } catch {
    return null;
  }
}
