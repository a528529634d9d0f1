import { setTimeout as sleep } from "node:timers/promises";

/** pause waits, and ends early, without an error, where it is told to stop. */
export async function pause(ms: number, stopped: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal: stopped }).catch(() => undefined);
}
