import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

import { HarnessError } from "../domain/error.ts";
import { type LoadProgress, readConsoleLine, watchOutput } from "./k6-output.ts";
import { k6Environment, type K6Login } from "./k6-program.ts";

/** Time for k6 to flush its outputs after the last iteration was stopped. */
const FLUSH_MS = 10_000;
/** Time for the start, the logins and the end, in addition to the load. */
const AROUND_MS = 120_000;

export interface K6Run {
  /** Path of the k6 program and of the script. */
  readonly k6: string;
  readonly script: string;
  readonly planPath: string;
  readonly user: K6Login;
  /** Files that k6 writes. */
  readonly csv: string;
  readonly summary: string;
  readonly consoleLog: string;
  /** Warm-up and load. */
  readonly loadMs: number;
  readonly gracefulStopMs: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LoadProgress) => void;
}

/** K6Process is a running k6. `ended` resolves after any kind of end, once none of its processes is left. */
export interface K6Process {
  readonly pid: number | null;
  readonly ended: Promise<K6Exit>;
}

/** startK6 starts k6 with the plan. It ends after the load or, by one SIGTERM, on the signal. */
export function startK6(run: K6Run): K6Process {
  if (run.signal.aborted)
    throw new HarnessError("interrupted", "stopped before k6 was started", { hint: "Start the run again." });
  const startedMs = Date.now();
  const child = spawn(run.k6, k6Arguments(run), {
    env: k6Environment(process.env, run),
    // A separate process group: a second Ctrl-C from the terminal would make k6 exit without flushing.
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = attend(child, run, startedMs);
  // The caller may await `ended` later. Without this handler a missing k6 would be an unhandled rejection until then.
  ended.catch(() => {});
  return { pid: child.pid ?? null, ended };
}

async function attend(child: ChildProcessByStdio<null, null, Readable>, run: K6Run, startedMs: number): Promise<K6Exit> {
  let lastError: string | null = null;
  createInterface({ input: child.stderr }).on("line", (text) => {
    const line = readConsoleLine(text);
    if (line.kind === "error") lastError = line.text;
  });
  const watch = watchOutput({ ...run, startedMs });
  const stopper = createStopper(child, run);
  try {
    const { exitCode, signal } = await waitForEnd(child, run.k6);
    return {
      ...explainExit({ exitCode, signal, abortReason: stopper.reason(), lastError }),
      exitCode,
      startedMs,
      endedMs: Date.now(),
    };
  } finally {
    stopper.dispose();
    watch.stop();
    // Processes that k6 has started belong to its group.
    killGroup(child, "SIGKILL");
  }
}

function k6Arguments(run: K6Run): string[] {
  const flags = ["--quiet", "--no-color", "--no-usage-report", "--no-thresholds", "--log-format", "json"];
  return [
    "run",
    ...flags,
    "--out",
    `csv=${run.csv}`,
    "--console-output",
    run.consoleLog,
    "--summary-export",
    run.summary,
    run.script,
  ];
}

function waitForEnd(child: ChildProcess, program: string): Promise<{ exitCode: number | null; signal: string | null }> {
  return new Promise((resolve, reject) => {
    child.once("close", (exitCode, signal) => resolve({ exitCode, signal }));
    child.once("error", (cause) => {
      const hint = "Install k6 2.x, or let `peakproof lab up` build it.";
      reject(new HarnessError("cannot-measure", `k6 could not be started from ${program}: ${cause.message}`, { hint, cause }));
    });
  });
}

/** One SIGTERM makes k6 flush. A second one would truncate its outputs, so only SIGKILL follows after the grace period. */
function createStopper(child: ChildProcess, run: K6Run) {
  let reason: string | null = null;
  let killTimer: NodeJS.Timeout | undefined;
  const stop = (why: string) => {
    if (reason !== null) return;
    reason = why;
    killGroup(child, "SIGTERM");
    killTimer = setTimeout(() => killGroup(child, "SIGKILL"), run.gracefulStopMs + FLUSH_MS);
  };
  const onAbort = () => stop("the run was interrupted");
  const limitMs = run.loadMs + run.gracefulStopMs + AROUND_MS;
  const limit = setTimeout(() => stop(`k6 had not ended after ${Math.round(limitMs / 1000)} s`), limitMs);
  run.signal.addEventListener("abort", onAbort, { once: true });
  return {
    reason: () => reason,
    dispose: () => {
      clearTimeout(limit);
      clearTimeout(killTimer);
      run.signal.removeEventListener("abort", onAbort);
    },
  };
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has ended already.
  }
}

/** K6Exit is how a k6 run ended. Times are epoch milliseconds of the process, which starts before the load does. */
export interface K6Exit {
  /** `aborted`: stopped before its time, from outside. `failed`: k6 or the script could not do its work. */
  readonly kind: "finished" | "aborted" | "failed";
  readonly exitCode: number | null;
  /** One sentence; null for a finished run. */
  readonly reason: string | null;
  readonly startedMs: number;
  readonly endedMs: number;
}

/** Exit codes of k6 2.2 (errext/exitcodes). 99 is not among them: thresholds are disabled. */
const MEANINGS: ReadonlyMap<number, string> = new Map([
  [97, "k6's cloud run failed"],
  [100, "the set-up (the logins) took longer than its time limit"],
  [101, "the teardown took longer than its time limit"],
  [102, "k6 ran into a time limit"],
  [103, "k6 was stopped through its REST API"],
  [104, "k6 refused the options of the script"],
  [106, "k6 could not start its REST API"],
  [107, "the script threw an exception"],
  [108, "the script aborted the test"],
  [109, "k6 crashed"],
  [255, "k6 could not load the script"],
]);

/** SIGTERM and SIGINT: k6 flushes and leaves with this code. */
const STOPPED_BY_SIGNAL = 105;

/** explainExit classifies the end of the process; `lastError` is the last error that k6 logged. */
export function explainExit(end: {
  exitCode: number | null;
  signal: string | null;
  abortReason: string | null;
  lastError: string | null;
}): Pick<K6Exit, "kind" | "reason"> {
  const { exitCode, signal, abortReason, lastError } = end;
  if (abortReason !== null) return { kind: "aborted", reason: abortReason };
  if (signal !== null) return { kind: "aborted", reason: `k6 was killed by ${signal}` };
  if (exitCode === STOPPED_BY_SIGNAL) return { kind: "aborted", reason: "k6 was stopped by a signal" };
  if (exitCode === 0 && lastError === null) return { kind: "finished", reason: null };
  // k6 exits with code 0 even if iterations threw, but those did no work.
  if (exitCode === 0) return { kind: "failed", reason: `a scenario threw an exception: ${lastError}` };
  const meaning = MEANINGS.get(exitCode ?? -1) ?? `k6 ended with exit code ${exitCode}`;
  return { kind: "failed", reason: lastError === null ? meaning : `${meaning}: ${lastError}` };
}
