import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { HarnessError } from "../../domain/error.ts";

const TAIL_LENGTH = 4000;
const KILL_AFTER_MS = 5000;
const EVERY_MS = 100;
/** Standard places only: the lab does not depend on what the caller's shell has set. */
export const SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Where this program is killed, its commands must not go on writing to what the next start clears away. */
const SETPRIV = "/usr/bin/setpriv";
const DIE_WITH_PARENT = existsSync(SETPRIV) ? [SETPRIV, "--pdeathsig", "TERM", "--"] : [];

export interface CommandOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** The whole environment of the command; PATH alone where it is left out. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly folder?: string;
  /** Gets each line of stdout and stderr as it comes. */
  readonly onLine?: (line: string) => void;
  /** What to do where it fails. */
  readonly hint: string;
}

/** runCommand runs a program to its end and returns its stdout. It gets a process group of its own, so that it dies as a whole. */
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
      // A piece may end in the middle of a line, whose end comes with the next piece.
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
  // A program that ends before it has read its input closes the pipe; its exit code says all that matters.
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
 * waitUntil asks `check` until it answers true. It ends with "cannot-measure" at the time limit, or at once where `isHopeless`
 * returns a reason (the process died).
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

/** throwIfInterrupted ends work between two steps once the user has asked for it. */
export function throwIfInterrupted(signal: AbortSignal): void {
  if (signal.aborted)
    throw new HarnessError("interrupted", "Interrupted", { hint: "Nothing is left half-built; start the command again." });
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
    // Gone already.
  }
}
