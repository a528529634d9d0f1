import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { SYSTEM_PATH } from "./run-command.ts";

/**
 * REGISTER makes a service write its own identity before it becomes the real program. A running service is therefore always on
 * record, even where the process that started it was killed.
 */
const REGISTER = `read -r stat < /proc/$$/stat; read -r boot < /proc/sys/kernel/random/boot_id; set -f; record=$1; shift
(set -- \${stat##*) }; printf '%s %s %s\\n' "$$" "\${20}" "$boot" > "$record.new" && mv "$record.new" "$record") && exec "$@"`;

/** The record appears within milliseconds of the start. The limit allows for a busy machine. */
const RECORD_GRACE_MS = 2000;

/**
 * ProcessIdentity identifies one process. The kernel reuses a pid, but not with the same start time (in clock ticks since boot)
 * in the same boot.
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

/**
 * startService starts a program that outlives this process. Its output is appended to log/NAME.out and its identity is written to
 * run/NAME.pid.
 */
export function startService(
  folder: string,
  service: { name: string; argv: readonly string[]; environment?: Readonly<Record<string, string>> },
): void {
  mkdirSync(join(folder, "run"), { recursive: true });
  mkdirSync(join(folder, "log"), { recursive: true });
  rmSync(recordPath(folder, service.name), { force: true });
  const output = openSync(join(folder, "log", `${service.name}.out`), "a", 0o644);
  try {
    const child = spawn("/bin/sh", ["-c", REGISTER, "sh", recordPath(folder, service.name), ...service.argv], {
      cwd: "/",
      env: { PATH: SYSTEM_PATH, ...service.environment },
      detached: true,
      stdio: ["ignore", output, output],
    });
    // The record shows whether the service runs. An "error" event without a listener would end this process.
    child.on("error", () => {});
    child.unref();
  } finally {
    closeSync(output);
  }
}

/** readService returns the identity of a running service, or null. */
export function readService(folder: string, name: string): ProcessIdentity | null {
  try {
    const identity = parseIdentity(readFileSync(recordPath(folder, name), "utf8"));
    return identity !== null && isRunning(identity) ? identity : null;
  } catch {
    return null;
  }
}

/** watchForEnd returns an `isHopeless` function for `waitUntil`: it reports a service that ended before it was ready. */
export function watchForEnd(folder: string, name: string): () => string | null {
  const startedMs = Date.now();
  return () => (Date.now() - startedMs > RECORD_GRACE_MS && readService(folder, name) === null ? "its process has ended" : null);
}

/** listServices returns the name of every service that has a record, running or not. */
export function listServices(folder: string): readonly string[] {
  try {
    return readdirSync(join(folder, "run"))
      .filter((file) => file.endsWith(".pid"))
      .map((file) => file.slice(0, -".pid".length));
  } catch {
    return [];
  }
}

/**
 * stopService sends a signal to a service, waits, and kills the rest of its process tree. It ends only processes that were
 * recorded.
 */
export async function stopService(
  folder: string,
  name: string,
  options: { signal: NodeJS.Signals; graceMs: number },
): Promise<void> {
  const identity = readService(folder, name);
  if (identity !== null) {
    let tree = processTree(identity);
    send(identity, options.signal);
    const deadline = Date.now() + options.graceMs;
    while (isRunning(identity) && Date.now() < deadline) {
      await sleep(50);
      tree = mergeTrees(tree, processTree(identity));
    }
    // Parents first: a supervisor would replace children that are killed before it.
    for (const member of mergeTrees(tree, processTree(identity))) send(member, "SIGKILL");
    while (isRunning(identity)) await sleep(20);
  }
  rmSync(recordPath(folder, name), { force: true });
}

/** identifyProcess returns the identity of a running process, or null where the pid is free or the process is a zombie. */
export function identifyProcess(pid: number): ProcessIdentity | null {
  const stat = readStat(pid);
  return stat === null || stat.state === "Z" ? null : { pid, startTicks: stat.startTicks, bootId: readBootId() };
}

/** isRunning says whether this process is still running, and not another process with the same pid. */
export function isRunning(identity: ProcessIdentity): boolean {
  const current = identifyProcess(identity.pid);
  return current !== null && current.startTicks === identity.startTicks && current.bootId === identity.bootId;
}

/** processTree lists a running process and all of its descendants, parents first. */
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

/** formatIdentity writes an identity as one line of text. parseIdentity reads that line and returns null for any other text. */
export function formatIdentity({ pid, startTicks, bootId }: ProcessIdentity): string {
  return `${pid} ${startTicks} ${bootId}\n`;
}

export function parseIdentity(text: string): ProcessIdentity | null {
  const [, pid, startTicks, bootId] = /^(\d+) (\d+) ([0-9a-f-]{36})\n$/.exec(text) ?? [];
  return bootId === undefined ? null : { pid: Number(pid), startTicks: Number(startTicks), bootId };
}

/** parseStat parses /proc/PID/stat. The name in parentheses may contain spaces and parentheses (proc(5)). */
export function parseStat(text: string): ProcessStat | null {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state, parentPid, startTicks] = [fields[0], Number(fields[1]), Number(fields[19])];
  return state === undefined || !Number.isInteger(parentPid) || !Number.isInteger(startTicks)
    ? null
    : { state, parentPid, startTicks };
}

function recordPath(folder: string, name: string): string {
  return join(folder, "run", `${name}.pid`);
}

function mergeTrees(known: readonly ProcessIdentity[], seen: readonly ProcessIdentity[]): readonly ProcessIdentity[] {
  const pids = new Set(known.map(({ pid }) => pid));
  return [...known, ...seen.filter(({ pid }) => !pids.has(pid))];
}

function send(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isRunning(identity)) return;
  try {
    process.kill(identity.pid, signal);
  } catch {
    // The process ended before it got the signal.
  }
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
