import { readdirSync, readFileSync } from "node:fs";
import type { ProcessStat } from "./proc-stat.ts";
import { parseProcessStat } from "./proc-stat.ts";

export type ProcessTable = ReadonlyMap<number, ProcessStat>;

/**
 * readProcessTable reads every /proc/<pid>/stat. It reads synchronously: these files never wait for a disk, and a queued read per
 * process costs several times the read itself.
 */
export function readProcessTable(root = "/proc"): ProcessTable {
  const table = new Map<number, ProcessStat>();
  for (const entry of readdirSync(root)) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = parseProcessStat(readStat(`${root}/${entry}/stat`));
    if (stat !== null) table.set(stat.pid, stat);
  }
  return table;
}

/** readStat is empty for a process that ended between the listing and the reading. */
function readStat(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
