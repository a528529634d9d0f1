import { join } from "node:path";
import { ARMS, type Arm } from "../domain/arm.ts";
import type { Progress } from "../domain/progress.ts";
import type { Schedule } from "../domain/run.ts";
import type { Workload } from "../domain/workload.ts";
import { seededRandom } from "../statistics/random.ts";
import type { ComparedBundles } from "../store/compared-runs.ts";
import { type PreparedTarget, performRun } from "./perform-run.ts";

/** Long enough for the requests of one slot to drain into its guard time, short enough for the noise to be the same. */
const SLOTS = { kind: "slots", slotMs: 5000, guardMs: 1000 } as const;

export interface CampaignOptions {
  readonly id: string;
  readonly folder: string;
  readonly schedule: Schedule["kind"];
  /** Pairs of one-arm runs; only for the sequential schedule. */
  readonly pairs: number;
  readonly workload: Workload;
  readonly seed: number;
  readonly k6: string;
  readonly scenarios: string;
  /** Brings the named arms up on fresh data. */
  readonly prepare: (arms: readonly Arm[]) => Promise<PreparedTarget>;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** runCampaign loads baseline and candidate by the schedule and returns the bundles to compare. */
export async function runCampaign(options: CampaignOptions): Promise<ComparedBundles> {
  const { schedule, folder, id } = options;
  if (schedule === "sequential") return runPairs(options);
  const bundle = join(folder, "bundle");
  const prepared = await options.prepare(ARMS);
  await performRun({ ...options, runId: id, bundle, prepared, schedule: schedule === "duet" ? { kind: "duet" } : SLOTS });
  return { kind: "together", bundles: [bundle] };
}

/** runPairs runs the arms one after another, in a seeded random order inside each pair (randomised multiple interleaved trials). */
async function runPairs(options: CampaignOptions): Promise<ComparedBundles> {
  const random = seededRandom(options.seed);
  const bundles = { baseline: [] as string[], candidate: [] as string[] };
  for (let pair = 1; pair <= options.pairs; pair += 1) {
    const order: readonly Arm[] = random() < 0.5 ? ["baseline", "candidate"] : ["candidate", "baseline"];
    for (const arm of order) {
      const bundle = join(options.folder, `bundle-${pair}-${arm}`);
      options.progress.note(`pair ${pair} of ${options.pairs}: ${arm}`);
      const prepared = await options.prepare([arm]);
      const runId = `${options.id}-${pair}${arm[0] ?? ""}`;
      // Both runs of a pair have the same seed, so they do the same work.
      const seed = options.seed + pair;
      await performRun({ ...options, runId, seed, bundle, prepared, schedule: { kind: "sequential", arm } });
      bundles[arm].push(bundle);
    }
  }
  return { kind: "sides", ...bundles };
}
