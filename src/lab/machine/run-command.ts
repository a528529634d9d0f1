import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { HarnessError } from "../../domain/error.ts";

const TAIL_LENGTH = 4000;
const KILL_AFTER_MS = 5000;
const EVERY_MS = 100;
/** SYSTEM_PATH has the standard folders only, so that the lab does not depend on the caller's shell. */
export const SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** When this program is killed, its commands must end as well: they must not write to files that the next start removes. */
const SETPRIV = "/usr/bin/setpriv";
const DIE_WITH_PARENT = existsSync(SETPRIV) ? [SETPRIV, "--pdeathsig", "TERM", "--"] : [];

export interface CommandOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** The whole environment of the command. Default: PATH only. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly folder?: string;
  /** Gets each line of stdout and stderr when it is written. */
  readonly onLine?: (line: string) => void;
  /** What the user can do where the command fails. */
  readonly hint: string;
}

/**
 * runCommand runs a program to its end and returns its stdout. The program gets its own process group, so that it is killed with
 * its children.
 */
export async function runCommand(what: string, argv: readonly string[], options: CommandOptions): Promise<string> {
  throwIfInterrupted(options.signal);
  const [program = "", ...rest] = [...DIE_WITH_PARENT, ...argv];
  const child = spawn(program, rest, {
    cwd: options.folder ?? "/",
    env: { ...(options.environment ?? { PATH: SYSTEM_PATH }) },
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  let stdout = "";
  let tail = "";
  let ending: "timeout" | "interrupted" | null = null;
  const collector = () => {
    let begun = "";
    return (text: string) => {
      tail = (tail + text).slice(-TAIL_LENGTH);
      // A chunk may end in the middle of a line. The next chunk holds the rest.
      const lines = (begun + text).split(/\r?\n|\r/);
      begun = lines.pop() ?? "";
      for (const line of lines) if (line.trim() !== "") options.onLine?.(line.trim());
    };
  };
  const collect = collector();
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    collect(text);
  });
  child.stderr.setEncoding("utf8").on("data", collector());
  // A program that ends before it has read its input closes the pipe. Its exit code is sufficient.
  child.stdin.on("error", () => {});
  child.stdin.end(options.input ?? "");

  const kill = (reason: "timeout" | "interrupted") => {
    ending ??= reason;
    killGroup(child.pid, "SIGTERM");
    setTimeout(() => killGroup(child.pid, "SIGKILL"), KILL_AFTER_MS).unref();
  };
  const timer = setTimeout(() => kill("timeout"), options.timeoutMs);
  const onAbort = () => kill("interrupted");
  options.signal.addEventListener("abort", onAbort, { once: true });
  try {
    const exit = await new Promise<string>((resolve) => {
      child.on("error", (error) => resolve(error.message));
      child.on("close", (code, signal) => resolve(signal ?? String(code)));
    });
    if (ending === "interrupted") throwIfInterrupted(options.signal);
    if (ending === "timeout")
      throw failure(`${what} took longer than ${Math.round(options.timeoutMs / 1000)} s`, tail, options.hint);
    if (exit !== "0") throw failure(`${what} failed (${exit})`, tail, options.hint);
    return stdout;
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener("abort", onAbort);
  }
}

/**
 * waitUntil calls `check` until it returns true. It throws "cannot-measure" at the time limit, or at once where `isHopeless`
 * returns a reason (for example: the process has ended).
 */
export async function waitUntil(
  what: string,
  check: () => Promise<boolean>,
  options: { timeoutMs: number; signal: AbortSignal; hint: string; isHopeless?: () => string | null },
): Promise<void> {
  const deadline = Date.now() + options.timeoutMs;
  let last: unknown = null;
  for (;;) {
    throwIfInterrupted(options.signal);
    try {
      if (await check()) return;
    } catch (error) {
      last = error;
    }
    const hopeless = options.isHopeless?.() ?? null;
    if (hopeless !== null) throw new HarnessError("cannot-measure", `${what}: ${hopeless}`, { hint: options.hint, cause: last });
    if (Date.now() > deadline) {
      throw new HarnessError("cannot-measure", `${what}: not within ${Math.round(options.timeoutMs / 1000)} s`, {
        hint: options.hint,
        cause: last,
      });
    }
    await sleep(EVERY_MS);
  }
}

/** throwIfInterrupted throws where the user has asked to stop. */
export function throwIfInterrupted(signal: AbortSignal): void {
  if (signal.aborted)
    throw new HarnessError("interrupted", "Interrupted", { hint: "Incomplete builds have been removed. Run the command again." });
}

function failure(message: string, tail: string, hint: string): HarnessError {
  const lastLines = tail.trim().split("\n").slice(-12).join("\n");
  return new HarnessError("cannot-measure", lastLines === "" ? message : `${message}:\n${lastLines}`, { hint });
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The process has already ended.
  }
}
