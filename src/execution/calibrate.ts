import { join } from "node:path";

import { type Arm, ARMS } from "../domain/arm.ts";
import type { Workload } from "../domain/load/plan.ts";
import type { Progress } from "../domain/progress.ts";
import { performRun, type PreparedTarget } from "./perform-run.ts";

export interface EqualRunsOptions {
  readonly id: string;
  readonly folder: string;
  readonly runs: number;
  /** Duet: the release in both arms at once; sequential: the release alone. */
  readonly schedule: "duet" | "sequential";
  readonly workload: Workload;
  readonly seed: number;
  readonly k6: string;
  readonly scenarios: string;
  /** Brings the named arms up on fresh data. */
  readonly prepare: (arms: readonly Arm[]) => Promise<PreparedTarget>;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/**
 * makeEqualRuns loads one release again and again and returns the bundles. Each run gets servers and data of its own, as each
 * campaign does: what comes with a start of the servers must be part of what is learned.
 */
export async function makeEqualRuns(options: EqualRunsOptions): Promise<readonly string[]> {
  const { id, folder, runs, progress, signal } = options;
  const together = options.schedule === "duet";
  const arms: readonly Arm[] = together ? ARMS : ["baseline"];
  const schedule = together ? ({ kind: "duet" } as const) : ({ kind: "sequential", arm: "baseline" } as const);
  const bundles: string[] = [];
  for (let number = 1; number <= runs && !signal.aborted; number += 1) {
    progress.note(`run ${number} of ${runs}`);
    const prepared = await options.prepare(arms);
    const bundle = join(folder, `run-${number}`);
    // Runs that a campaign compares do the same work, so runs of one arm keep the seed; arms of one run share theirs anyway.
    const seed = together ? options.seed + number - 1 : options.seed;
    await performRun({ ...options, runId: `${id}-${number}`, bundle, prepared, seed, schedule, shop: null });
    bundles.push(bundle);
  }
  return bundles;
}
