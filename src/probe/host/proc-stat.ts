/** CpuTimes is the first line of /proc/stat in milliseconds, all cores together, since boot. */
export interface CpuTimes {
  readonly busyMs: number;
  readonly stealMs: number;
  readonly totalMs: number;
}

/** Kernel ticks shown in /proc are 1/100 s on every Linux that Node runs on (USER_HZ). */
const MS_PER_TICK = 10;

/** parseCpuTimes reads /proc/stat (proc(5)); guest time is already part of user time. */
export function parseCpuTimes(text: string): CpuTimes {
  const line = /^cpu +(.+)$/m.exec(text)?.[1];
  if (line === undefined) throw new Error("/proc/stat has no line of all cores");
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = line.split(" ").map(Number);
  const busy = user + nice + system + irq + softirq;
  return {
    busyMs: busy * MS_PER_TICK,
    stealMs: steal * MS_PER_TICK,
    totalMs: (busy + idle + iowait + steal) * MS_PER_TICK,
  };
}

/** ProcessStat is what is used of /proc/<pid>/stat. */
export interface ProcessStat {
  readonly pid: number;
  readonly name: string;
  readonly parent: number;
  /** CPU time of the process itself, all threads. */
  readonly ownMs: number;
  /** CPU time of its children that have ended and were waited for, with their own such children. */
  readonly endedChildrenMs: number;
  /** Ticks after boot: tells a process from a later one with the same id. */
  readonly startTicks: number;
  readonly rssPages: number;
  /** Virtual memory, which is what Odoo holds its workers to. */
  readonly sizeBytes: number;
}

/** parseProcessStat splits after the last bracket: the name may hold spaces and brackets itself. */
export function parseProcessStat(text: string): ProcessStat | null {
  const open = text.indexOf("(");
  const close = text.lastIndexOf(")");
  if (open < 0 || close < open) return null;
  // Field numbers of proc(5) count from 1 and field 3 comes first here.
  const fields = text.slice(close + 2).split(" ");
  const field = (number: number): number => Number(fields[number - 3]);
  const stat = {
    pid: Number(text.slice(0, open)),
    name: text.slice(open + 1, close),
    parent: field(4),
    ownMs: (field(14) + field(15)) * MS_PER_TICK,
    endedChildrenMs: (field(16) + field(17)) * MS_PER_TICK,
    startTicks: field(22),
    rssPages: field(24),
    sizeBytes: field(23),
  };
  return Number.isFinite(stat.rssPages) && Number.isFinite(stat.pid) ? stat : null;
}
