import type { ProcessStat } from "./proc-stat.ts";
import type { ProcessTable } from "./process-table.ts";

/** processTree lists the processes of the given roots that live, with all that they started and that live, each once. */
export function processTree(table: ProcessTable, roots: readonly number[]): readonly ProcessStat[] {
  const children = new Map<number, ProcessStat[]>();
  for (const process of table.values()) {
    children.set(process.parent, [...(children.get(process.parent) ?? []), process]);
  }
  const found = new Map<number, ProcessStat>();
  const queue = roots.flatMap((pid) => table.get(pid) ?? []);
  for (let process = queue.pop(); process !== undefined; process = queue.pop()) {
    if (found.has(process.pid)) continue;
    found.set(process.pid, process);
    queue.push(...(children.get(process.pid) ?? []));
  }
  return [...found.values()];
}

/**
 * treeCpuMs is the CPU time of all that a tree has run: its processes' own time, and the time of those that have ended, which the
 * kernel hands to their parent. A worker that is replaced therefore takes nothing out of the sum.
 */
export function treeCpuMs(tree: readonly ProcessStat[]): number {
  return tree.reduce((sum, process) => sum + process.ownMs + process.endedChildrenMs, 0);
}
