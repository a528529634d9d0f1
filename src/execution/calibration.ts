import { join } from "node:path";

import type { ComparedBundles } from "../bundle/run/compared-runs.ts";
import { type Arm, ARMS } from "../domain/arm.ts";
import { HarnessError } from "../domain/error.ts";
import { type Calibration, FEWEST_CALIBRATION_RUNS, type Policy } from "../domain/judgement/policy.ts";
import type { Workload } from "../domain/load/plan.ts";
import type { Progress } from "../domain/progress.ts";
import { indicatorsFor } from "../evaluator/catalogue/catalogue.ts";
import { type EqualRuns, learnFromNeighbours, learnFromPairs, measureEqualRuns } from "../evaluator/learn-indicators.ts";
import { type EqualRun, openEqualRuns } from "../evidence/calibration/equal-runs.ts";
import { readEvidence } from "../evidence/evidence.ts";
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
 * makeEqualRuns runs the same load on one release several times and returns the bundles. Each run gets freshly started servers and
 * fresh data, as each campaign does, so that the learned noise includes the noise of a server start.
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
    // A campaign compares runs that do the same work, so runs of one arm keep the seed. The two arms of one run share a seed anyway.
    const seed = together ? options.seed + number - 1 : options.seed;
    await performRun({ ...options, runId: `${id}-${number}`, bundle, prepared, seed, schedule, shop: null });
    bundles.push(bundle);
  }
  return bundles;
}

/** Learned is a calibration, and the bundles that were left out with the reason for each. */
export interface Learned {
  readonly calibration: Calibration;
  readonly leftOut: readonly string[];
}

/** learnCalibration estimates from stored A/A runs how much each indicator differs between runs of the same release. */
export async function learnCalibration(
  folders: readonly string[],
  options: { policy: Policy; onRun?: (done: number, all: number) => void },
): Promise<Learned> {
  const found = await openEqualRuns(folders);
  requireEnough(found.runs.length, found.leftOut);
  const { calibration: _, ...policy } = options.policy;
  const together = found.arms === "both";
  const groups = together ? found.runs.map((run) => [run]) : neighbours(found.runs);
  const sound: EqualRuns[] = [];
  const used = new Set<EqualRun>();
  const leftOut = [...found.leftOut];
  for (const [index, group] of groups.entries()) {
    const evidence = await readEvidence(compared(group, together), { policy, choose: indicatorsFor });
    const measured = measureEqualRuns(evidence, policy);
    options.onRun?.(index + 1, groups.length);
    if (measured.flaw === null) {
      sound.push(measured);
      for (const run of group) used.add(run);
    } else leftOut.push(`${group.map(({ folder }) => folder).join(" and ")}: ${measured.flaw.text}`);
  }
  const runs = found.runs.filter((run) => used.has(run));
  requireEnough(runs.length, leftOut);
  const { target, release, schedule, scenarios, loadMs } = found;
  const calibration = {
    schemaVersion: 1,
    target,
    release,
    schedule,
    scenarios,
    loadMs: Math.round(loadMs),
    runs: runs.map(({ runId, sha256 }) => ({ runId, sha256 })),
    indicators: together ? learnFromPairs(sound) : learnFromNeighbours(sound),
  } as const;
  return { calibration, leftOut };
}

/** neighbours pairs each run of one arm with the next run in time. With an odd number of runs, the last two pairs share a run. */
function neighbours(runs: readonly EqualRun[]): (readonly EqualRun[])[] {
  const pairs: (readonly EqualRun[])[] = [];
  for (let index = 0; index < runs.length; index += 2) {
    const start = Math.max(0, Math.min(index, runs.length - 2));
    pairs.push(runs.slice(start, start + 2));
  }
  return pairs;
}

function compared(group: readonly EqualRun[], together: boolean): ComparedBundles {
  const folders = group.map(({ folder }) => folder);
  return together
    ? { kind: "together", bundles: folders }
    : { kind: "sides", baseline: folders.slice(0, 1), candidate: folders.slice(1) };
}

function requireEnough(sound: number, leftOut: readonly string[]): void {
  if (sound >= FEWEST_CALIBRATION_RUNS) return;
  const lost = leftOut.length === 0 ? "" : `; left out:\n${leftOut.join("\n")}`;
  throw new HarnessError("usage", `there are ${sound} usable runs; a calibration needs ${FEWEST_CALIBRATION_RUNS}${lost}`, {
    hint: "Make more runs of the same release, for example with peakproof calibrate --release RELEASE --runs 8.",
  });
}
