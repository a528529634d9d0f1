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

/** Exit codes of k6 2.2 (errext/exitcodes). 99 is not among them: thresholds are off, the judgement is made elsewhere. */
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
  // Iterations that throw leave k6 content (exit code 0), but they did no work.
  if (exitCode === 0) return { kind: "failed", reason: `a scenario threw an exception: ${lastError}` };
  const meaning = MEANINGS.get(exitCode ?? -1) ?? `k6 ended with exit code ${exitCode}`;
  return { kind: "failed", reason: lastError === null ? meaning : `${meaning}: ${lastError}` };
}
