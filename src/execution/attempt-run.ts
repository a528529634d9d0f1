import { type FailedRun, recordFailedRun } from "../bundle/run/writer.ts";
import type { RunManifest } from "../domain/load/run.ts";

/** RunFailure is what ended a run; it is kept whole, for those who tell people about it. */
export interface RunFailure {
  readonly error: unknown;
}

/** Attempt is a run that left a bundle, and what ended it where it did not end by itself. */
export interface Attempt {
  readonly manifest: RunManifest;
  readonly failure: RunFailure | null;
}

/**
 * attemptRun performs a run of a campaign. Where an error ends it and runs of the same arms came before it, they are not lost: the
 * run is put on the record as failed, so that they can be judged, and cannot pass. The first run, and one that was interrupted, have
 * nothing to save.
 */
export async function attemptRun(
  perform: () => Promise<RunManifest>,
  run: Omit<FailedRun, "earlier" | "reason"> & {
    readonly bundle: string;
    readonly earlier: RunManifest | null;
    readonly signal: AbortSignal;
  },
): Promise<Attempt> {
  const { bundle, earlier, signal, ...own } = run;
  try {
    return { manifest: await perform(), failure: null };
  } catch (error) {
    if (earlier === null || signal.aborted) throw error;
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    return { manifest: await recordFailedRun(bundle, { ...own, earlier, reason }), failure: { error } };
  }
}
