import { readFileSync } from "node:fs";

/** parseMemoryLimit reads the soft limit of virtual memory out of /proc/<pid>/limits; null where there is none. */
export function parseMemoryLimit(text: string): number | null {
  const soft = /^Max address space +(\d+) /m.exec(text)?.[1];
  return soft === undefined ? null : Number(soft);
}

/** readMemoryLimit is the limit that Odoo gave one of its workers (`limit_memory_hard`); null where it is not told. */
export function readMemoryLimit(pid: number, root = "/proc"): number | null {
  try {
    return parseMemoryLimit(readFileSync(`${root}/${pid}/limits`, "latin1"));
  } catch {
    return null;
  }
}
