import { setTimeout as sleep } from "node:timers/promises";
import { HarnessError } from "../domain/error.ts";

const EVERY_MS = 100;

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
