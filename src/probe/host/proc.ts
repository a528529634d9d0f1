import { readdirSync, readFileSync } from "node:fs";

/** CpuTimes is the first line of /proc/stat in milliseconds: the sum of all cores since boot. */
export interface CpuTimes {
  readonly busyMs: number;
  readonly stealMs: number;
  readonly totalMs: number;
}

/** One kernel tick in /proc is 1/100 s on every Linux that Node supports (USER_HZ). */
const MS_PER_TICK = 10;

/** parseCpuTimes parses /proc/stat (proc(5)). Guest time is already part of user time. */
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

/** ProcessStat holds the fields of /proc/<pid>/stat that are used. */
export interface ProcessStat {
  readonly pid: number;
  readonly name: string;
  readonly parent: number;
  /** CPU time of all threads of the process itself. */
  readonly ownMs: number;
  /** CPU time of children that have ended and were waited for, including that of their own ended children. */
  readonly endedChildrenMs: number;
  /** Ticks after boot. With the start time, a reused pid can be recognised. */
  readonly startTicks: number;
  readonly rssPages: number;
  /** Virtual memory, which is what Odoo limits for its workers. */
  readonly sizeBytes: number;
}

/** parseProcessStat splits after the last parenthesis, because the name may contain spaces and parentheses. */
export function parseProcessStat(text: string): ProcessStat | null {
  const open = text.indexOf("(");
  const close = text.lastIndexOf(")");
  if (open < 0 || close < open) return null;
  // Field numbers of proc(5) start at 1. The first field here is field 3.
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
 * readProcessTable reads every /proc/<pid>/stat. It reads synchronously: these files never wait for a disk, and an asynchronous
 * read costs several times as much as the read itself.
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

/** readStat returns an empty text for a process that ended after the listing. */
function readStat(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

/** processTree lists the running processes of the given roots and all of their running descendants, each once. */
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
 * treeCpuMs is the CPU time of a process tree: the time of its processes, plus the time of ended children, which the kernel adds
 * to their parent. The sum does not fall when a worker is replaced.
 */
export function treeCpuMs(tree: readonly ProcessStat[]): number {
  return tree.reduce((sum, process) => sum + process.ownMs + process.endedChildrenMs, 0);
}

/**
 * parseProcessIo parses /proc/<pid>/io: the bytes that a process read from and wrote to the disk, or null where the file does not
 * show them.
 */
export function parseProcessIo(text: string): number | null {
  const field = (name: string): number => Number(new RegExp(`^${name}: (\\d+)$`, "m").exec(text)?.[1] ?? Number.NaN);
  const bytes = field("read_bytes") + field("write_bytes");
  return Number.isFinite(bytes) ? bytes : null;
}

/**
 * readProcessIo returns null where this user may not read the file (Linux shows users only their own processes) or the process
 * has ended.
 */
export function readProcessIo(pid: number, root = "/proc"): number | null {
  try {
    return parseProcessIo(readFileSync(`${root}/${pid}/io`, "latin1"));
  } catch {
    return null;
  }
}

/** parseMemoryLimit parses the soft limit of virtual memory in /proc/<pid>/limits. Null: no limit. */
export function parseMemoryLimit(text: string): number | null {
  const soft = /^Max address space +(\d+) /m.exec(text)?.[1];
  return soft === undefined ? null : Number(soft);
}

/** readMemoryLimit is the memory limit that Odoo has set for a worker (`limit_memory_hard`). Null where it cannot be read. */
export function readMemoryLimit(pid: number, root = "/proc"): number | null {
  try {
    return parseMemoryLimit(readFileSync(`${root}/${pid}/limits`, "latin1"));
  } catch {
    return null;
  }
}

/**
 * parsePressure parses the total of the `some` line of /proc/pressure/<resource>: microseconds in which at least one task waited.
 */
export function parsePressure(text: string): number | null {
  const total = /^some .*\btotal=(\d+)/m.exec(text)?.[1];
  return total === undefined ? null : Number(total);
}
