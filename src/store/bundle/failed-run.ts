import { existsSync } from "node:fs";

import type { RunManifest } from "../../domain/run.ts";
import { bundlePaths } from "./bundle-paths.ts";
import { createBundle } from "./bundle-writer.ts";
import { amendManifest, readManifest } from "./manifest.ts";

/** FailedRun is a run of a campaign that an error ended; `earlier` is one of the same arms that says what it was to be. */
export type FailedRun = Pick<RunManifest, "runId" | "seed" | "round"> & {
  readonly earlier: RunManifest;
  /** What the error says, in one sentence. */
  readonly reason: string;
};

/**
 * recordFailedRun leaves a bundle of a run that an error ended: what it had written by then, else one without samples. Whoever judges
 * the campaign, now or later, then sees that the run was tried, and why it tells nothing.
 */
export async function recordFailedRun(folder: string, run: FailedRun): Promise<RunManifest> {
  const { earlier, reason, ...own } = run;
  const ended = { status: "failed", statusReason: reason } as const;
  if (await hasBegun(folder, run)) return amendManifest(folder, ended);
  const loadStartMs = Date.now();
  const bundle = await createBundle(folder, { ...earlier, ...own, loadStartMs });
  return bundle.finish({ ...ended, loadEndMs: loadStartMs, probes: [], invariants: [], planned: null });
}

async function hasBegun(folder: string, { runId }: FailedRun): Promise<boolean> {
  return existsSync(bundlePaths(folder).manifest) && (await readManifest(folder)).runId === runId;
}
