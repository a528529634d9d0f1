import { setTimeout as sleep } from "node:timers/promises";

/** pause waits, and ends early, without an error, where it is told to stop. */
export async function pause(ms: number, stopped: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal: stopped }).catch(() => undefined);
}

/** untilAborted waits until it is told to stop. */
export async function untilAborted(stopped: AbortSignal): Promise<void> {
  if (!stopped.aborted) await new Promise((resolve) => stopped.addEventListener("abort", resolve, { once: true }));
}
