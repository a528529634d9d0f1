import { readdirSync, readFileSync } from "node:fs";

/**
 * ProcessIdentity names one process for ever: the kernel gives a pid again to others, but not with the same start time (in clock
 * ticks since boot) in the same boot.
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTicks: number;
  readonly bootId: string;
}

interface ProcessStat {
  readonly state: string;
  readonly parentPid: number;
  readonly startTicks: number;
}

/** identifyProcess returns the identity of a live process, or null where the pid is free or the process is a zombie. */
export function identifyProcess(pid: number): ProcessIdentity | null {
  const stat = readStat(pid);
  return stat === null || stat.state === "Z" ? null : { pid, startTicks: stat.startTicks, bootId: readBootId() };
}

/** isRunning tells whether exactly this process still lives. */
export function isRunning(identity: ProcessIdentity): boolean {
  const current = identifyProcess(identity.pid);
  return current !== null && current.startTicks === identity.startTicks && current.bootId === identity.bootId;
}

/** processTree lists a live process and all that descend from it, parents first. */
export function processTree(root: ProcessIdentity): readonly ProcessIdentity[] {
  if (!isRunning(root)) return [];
  const children = new Map<number, ProcessIdentity[]>();
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = readStat(Number(entry));
    if (stat === null || stat.state === "Z") continue;
    const siblings = children.get(stat.parentPid) ?? [];
    siblings.push({ pid: Number(entry), startTicks: stat.startTicks, bootId: root.bootId });
    children.set(stat.parentPid, siblings);
  }
  const tree = [root];
  for (const process of tree) tree.push(...(children.get(process.pid) ?? []));
  return tree;
}

/** formatIdentity and parseIdentity write and read an identity as one line of text; anything else is none. */
export function formatIdentity({ pid, startTicks, bootId }: ProcessIdentity): string {
  return `${pid} ${startTicks} ${bootId}\n`;
}

export function parseIdentity(text: string): ProcessIdentity | null {
  const [, pid, startTicks, bootId] = /^(\d+) (\d+) ([0-9a-f-]{36})\n$/.exec(text) ?? [];
  return bootId === undefined ? null : { pid: Number(pid), startTicks: Number(startTicks), bootId };
}

function readBootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}

function readStat(pid: number): ProcessStat | null {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return null;
  }
}

/** parseStat reads /proc/PID/stat; the name in parentheses may itself hold spaces and parentheses (proc(5)). */
export function parseStat(text: string): ProcessStat | null {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state, parentPid, startTicks] = [fields[0], Number(fields[1]), Number(fields[19])];
  return state === undefined || !Number.isInteger(parentPid) || !Number.isInteger(startTicks)
    ? null
    : { state, parentPid, startTicks };
}
