import { join } from "node:path";

import type { ComparedBundles } from "../bundle/run/compared-runs.ts";
import { type FailedRun, recordFailedRun } from "../bundle/run/writer.ts";
import { type Arm, ARMS } from "../domain/arm.ts";
import type { Evaluation } from "../domain/judgement/evaluation.ts";
import type { Policy } from "../domain/judgement/policy.ts";
import { type ScenarioName, scenariosOf, type ShopData, type Workload } from "../domain/load/plan.ts";
import type { Round, RunManifest, Schedule } from "../domain/load/run.ts";
import { declarationOf } from "../domain/load/scenarios.ts";
import type { Progress } from "../domain/progress.ts";
import { plannedArrivals, sizeScenarios } from "../load/arrivals.ts";
import { seededRandom } from "../statistics/random.ts";
import { type CampaignLimits, shouldGoOn } from "./campaign-limits.ts";
import { judgeBundles } from "./judge.ts";
import { type AroundLoad, performRun, type PreparedTarget } from "./perform-run.ts";
import { readShop, type Shop } from "./shop-target.ts";

/** The guard time lets the requests of one slot end before the next slot; slots are short so that both arms see the same noise. */
const SLOTS = { kind: "slots", slotMs: 5000, guardMs: 1000 } as const;

export interface CampaignOptions {
  readonly id: string;
  readonly folder: string;
  readonly schedule: Schedule["kind"];
  /** Scenarios, and the load of one round. */
  readonly workload: Workload;
  readonly limits: CampaignLimits;
  readonly policy: Policy;
  readonly seed: number;
  readonly k6: string;
  readonly scenarios: string;
  /** Starts the named arms on fresh data. */
  readonly prepare: (arms: readonly Arm[]) => Promise<PreparedTarget>;
  readonly aroundLoad?: AroundLoad;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** CampaignResult is the outcome of a campaign. */
export interface CampaignResult {
  readonly compared: ComparedBundles;
  /** The verdict on the bundles; null where the campaign was stopped before the first look. */
  readonly evaluation: Evaluation | null;
  /** The error that ended its last round; null where none did. */
  readonly failure: RunFailure | null;
}

/**
 * runCampaign loads both releases round by round. From round `limits.firstLook` on, the judge looks after each round, until the
 * evidence suffices or a limit is reached. The judge leaves disturbed blocks out, and further rounds replace them. An error in a later
 * round also ends the campaign: the judge then looks at all rounds, including the failed one.
 */
export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const { limits, progress, signal } = options;
  const load = options.schedule === "sequential" ? loadPairs(options) : loadTogether(options);
  const startedMs = performance.now();
  let last: CampaignResult | null = null;
  for (let number = 1; ; number += 1) {
    const roundStartMs = performance.now();
    const round = await load(number);
    if (round === null && last !== null) {
      progress.note(`the target has no ready pickings left for round ${number}`);
      return last;
    }
    if (round === null) throw new Error("the first round has taken nothing from the pool yet");
    const { compared, manifests, failure } = round;
    const isWhole = manifests.every(({ status }) => status === "complete");
    if (signal.aborted) return { compared, evaluation: null, failure };
    if (isWhole && number < limits.firstLook) continue;
    progress.stage("Judging", 5000);
    const evaluation = await judgeBundles(compared, options.policy);
    const now = performance.now();
    const answer = shouldGoOn(evaluation, limits, {
      rounds: number,
      elapsedMs: now - startedMs,
      roundMs: now - roundStartMs,
      isWhole,
    });
    if (!answer.goOn) {
      if (answer.why !== null) progress.note(answer.why);
      return { compared, evaluation, failure };
    }
    progress.note(`after round ${number}: ${answer.why ?? "undecided"}`);
    last = { compared, evaluation, failure };
  }
}

/** LoadRound runs one more round and returns all bundles so far; null where the target has no pickings left for a round. */
type LoadRound = (number: number) => Promise<{
  readonly compared: ComparedBundles;
  readonly manifests: readonly RunManifest[];
  readonly failure: RunFailure | null;
} | null>;

/** loadTogether runs rounds with both arms in one run. The servers stay up from round to round. */
function loadTogether(options: CampaignOptions): LoadRound {
  const { folder, workload } = options;
  const bundles: string[] = [];
  const schedule = options.schedule === "slots" ? SLOTS : ({ kind: "duet" } as const);
  let session: { prepared: PreparedTarget; shop: Shop } | null = null;
  let earlier: RunManifest | null = null;
  return async (number) => {
    if (session === null) {
      const prepared = await options.prepare(ARMS);
      session = { prepared, shop: await readShop(prepared.target, scenariosOf(workload)) };
    }
    const bundle = join(folder, `round-${number}`);
    const { prepared, shop } = session;
    const data = pickingsLeft(shop.data, { ...options, schedule, earlierRounds: number - 1 });
    if (data === null) return null;
    const run = {
      runId: `${options.id}-r${number}`,
      seed: options.seed + number - 1,
      bundle,
      ...roundOf(options, number),
    };
    const perform = () => performRun({ ...options, ...run, prepared, schedule, shop: { ...shop, data } });
    const { manifest, failure } = await attemptRun(perform, { ...run, earlier, signal: options.signal });
    bundles.push(bundle);
    earlier = manifest;
    return { compared: { kind: "together", bundles: [...bundles] }, manifests: [manifest], failure };
  };
}

/** loadPairs runs rounds of two runs, one after the other on fresh data, in a seeded random order (randomised interleaved trials). */
function loadPairs(options: CampaignOptions): LoadRound {
  const random = seededRandom(options.seed);
  const bundles = { baseline: [] as string[], candidate: [] as string[] };
  const earlier: Record<Arm, RunManifest | null> = { baseline: null, candidate: null };
  return async (number) => {
    const order: readonly Arm[] = random() < 0.5 ? ["baseline", "candidate"] : ["candidate", "baseline"];
    const manifests: RunManifest[] = [];
    let failure: RunFailure | null = null;
    for (const arm of order) {
      if (options.signal.aborted || failure !== null) break;
      const bundle = join(options.folder, `round-${number}-${arm}`);
      options.progress.note(`pair ${number}: ${arm}`);
      // Both runs of a pair have the same seed, so they do the same work.
      const own = { runId: `${options.id}-r${number}${arm[0] ?? ""}`, seed: options.seed + number - 1, bundle };
      const run = { ...own, ...roundOf(options, number) };
      const schedule = { kind: "sequential", arm } as const;
      const perform = async () =>
        performRun({ ...options, ...run, prepared: await options.prepare([arm]), schedule, shop: null });
      const attempt = await attemptRun(perform, { ...run, earlier: earlier[arm], signal: options.signal });
      manifests.push(attempt.manifest);
      bundles[arm].push(bundle);
      earlier[arm] = attempt.manifest;
      ({ failure } = attempt);
    }
    const compared = { kind: "sides", baseline: [...bundles.baseline], candidate: [...bundles.candidate] } as const;
    return { compared, manifests, failure };
  };
}

/** A campaign of fixed length has one look, so its run has no round number. */
function roundOf({ id, limits }: CampaignOptions, number: number): { round?: Round } {
  return limits.isFixed ? {} : { round: { campaign: id, number, firstLook: limits.firstLook } };
}

/** RunFailure is the error that ended a run. The error is kept whole, so that the caller can report it. */
interface RunFailure {
  readonly error: unknown;
}

/** Attempt is a run that left a bundle, and the error that ended the run where there was one. */
interface Attempt {
  readonly manifest: RunManifest;
  readonly failure: RunFailure | null;
}

/**
 * attemptRun performs a run of a campaign. Where an error ends a later run, the run is recorded as failed, so that the earlier runs of
 * the same arms can still be judged; such a campaign cannot pass. An error in the first run, or an interruption, is thrown.
 */
async function attemptRun(
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

/**
 * pickingsLeft removes the pickings that earlier rounds used from the pool. The pool is read once per campaign: pickings that become
 * ready later have other ids in each arm, and both arms must get the same work. Null where too few are left for another round.
 */
export function pickingsLeft(
  shop: ShopData,
  options: { workload: Workload; schedule: Schedule; earlierRounds: number },
): ShopData | null {
  const { workload, schedule, earlierRounds } = options;
  const scenarios = sizeScenarios(workload.scenarios);
  const plan = { schedule, warmupMs: workload.warmupMs, durationMs: workload.loadMs, scenarios };
  const taken = scenariosOf(workload)
    .filter((name) => usesUpPickings(name))
    .reduce((sum, name) => sum + plannedArrivals(plan, name).pairs * (scenarios[name]?.size ?? 0), 0);
  if (taken === 0 || earlierRounds === 0) return shop;
  const pickings = shop.pickings.slice(earlierRounds * taken);
  return pickings.length >= taken ? { ...shop, pickings } : null;
}

function usesUpPickings(scenario: ScenarioName): boolean {
  const { takes } = declarationOf(scenario);
  return takes?.from === "pickings" && takes.usedUp;
}
