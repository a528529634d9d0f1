import { readdirSync, readFileSync } from "node:fs";

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

/** parsePressure reads the total of the `some` line of /proc/pressure/<resource>: microseconds in which some task waited. */
export function parsePressure(text: string): number | null {
  const total = /^some .*\btotal=(\d+)/m.exec(text)?.[1];
  return total === undefined ? null : Number(total);
}
