import type { Arm } from "../../domain/arm.ts";
import type { ProcessTable } from "./process-table.ts";

/** BackendCpu adds up the CPU time of each arm's database backends, which come and go, from zero at its first look. */
export interface BackendCpu {
  add(table: ProcessTable, backends: ReadonlyMap<number, Arm | null>): void;
  ms(arm: Arm): number;
}

/**
 * backendCpu books the growth of each backend since the look before. A backend first seen after the first look began in between,
 * so all of its time counts; what an ended backend did after the last look at it is lost (at most one tick's worth).
 */
export function backendCpu(): BackendCpu {
  const sums = new Map<Arm, number>();
  let last: ReadonlyMap<string, number> | null = null;
  return {
    add(table, backends) {
      const now = new Map<string, number>();
      for (const [pid, arm] of backends) {
        const process = table.get(pid);
        // The id may be that of a process of this machine while the server runs on another one.
        if (arm === null || process === undefined || !process.name.startsWith("postgres")) continue;
        const key = `${pid}@${process.startTicks}`;
        now.set(key, process.ownMs);
        const before = last === null ? process.ownMs : (last.get(key) ?? 0);
        sums.set(arm, (sums.get(arm) ?? 0) + process.ownMs - before);
      }
      last = now;
    },
    ms: (arm) => sums.get(arm) ?? 0,
  };
}
