import type { Disturbance } from "./lab-fault.ts";

/** goOn starts work that goes on until it is stopped, and ends soon after. What it throws is kept for `stop`. */
export function goOn(work: (stopped: AbortSignal) => Promise<void>): Disturbance {
  const controller = new AbortController();
  const ended = work(controller.signal).then(
    () => null,
    (error: unknown) => ({ error }),
  );
  return {
    async stop() {
      controller.abort();
      const failure = await ended;
      if (failure !== null) throw failure.error;
    },
  };
}
