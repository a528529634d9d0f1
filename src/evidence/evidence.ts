import { withDatabase } from "../bundle/files/database.ts";
import { type ComparedBundles, type ComparedRun, explainBundleFault, openComparedRuns } from "../bundle/run/compared-runs.ts";
import { hashInputs } from "../bundle/run/inputs.ts";
import type { Block, Evidence } from "../domain/judgement/evidence.ts";
import type { Indicator } from "../domain/judgement/indicator.ts";
import type { Policy } from "../domain/judgement/policy.ts";
import type { InvariantResult, Schedule } from "../domain/load/run.ts";
import { calibratedNoise } from "./calibration/fit.ts";
import { readCauses } from "./causes/causes.ts";
import { HOST_COUNTERS, readDisturbances } from "./disturbance/disturbances.ts";
import { readRunEvents } from "./disturbance/events.ts";
import { findWarmUpEnd } from "./disturbance/warm-up.ts";
import { type MeasuredFacts, readMeasuredFacts, unseenInRuns } from "./frame/measured-facts.ts";
import { comparedReleases, looksOf, sumVolumes } from "./frame/releases.ts";
import { loadEvidenceTables, loadRawSamples } from "./frame/tables.ts";
import { type Arrangement, arrangeRuns, cutBlocks } from "./frame/time-axis.ts";
import { readCounterGrowth } from "./series/counters.ts";
import { readSeries } from "./series/series.ts";
import { readCompleted, readStatementUses } from "./series/statements.ts";
import { readTimeline } from "./timeline/timeline.ts";
import { environmentFacts, logCoverage } from "./validity/environment.ts";
import { bundleLoss, validityFacts } from "./validity/validity.ts";

/**
 * readEvidence reads what the bundles say about the indicators that `choose` picks for what was measured in them.
 *
 * The same bundles give the same evidence, byte for byte, wherever they lie.
 */
export async function readEvidence(
  compared: ComparedBundles,
  options: { policy: Policy; choose: (facts: MeasuredFacts) => readonly Indicator[] },
): Promise<Evidence> {
  const runs = await openComparedRuns(compared);
  const schedule = scheduleOf(runs);
  return withDatabase(async (database) => {
    const arrangement = arrangeRuns(runs, await loadRawSamples(database, runs));
    const spans = cutBlocks(arrangement, schedule, options.policy.blockMs);
    await loadEvidenceTables(database, arrangement.runs, spans);
    const indicators = options.choose(await readMeasuredFacts(database, runs));
    const host = await readCounterGrowth(database, HOST_COUNTERS);
    const events = await readRunEvents(database, arrangement, { growths: host, blocks: spans });
    const completed = await readCompleted(database);
    const warmUp = await findWarmUpEnd(database, spans);
    const disturbances = [
      ...(await readDisturbances(database, host, { limits: options.policy, blocks: spans, events, completed })),
      ...warmUp.disturbances,
    ];
    const { facts, ...noise } = calibratedNoise(options.policy.calibration, runs, schedule.kind);
    const blocks: Block[] = spans.map(({ fromMs, toMs }, index) => ({
      index,
      startMs: fromMs,
      endMs: toMs,
      disturbance: disturbances.find(({ block }) => block === index)?.text ?? null,
      isCold: warmUp.disturbances.some(({ block }) => block === index),
    }));
    const hostKnown = host.some(({ name }) => name === "cpu_total_ms");
    const series = await readSeries(database, indicators, spans);
    const unseen = unseenInRuns(runs);
    return {
      ...(await describeRuns(runs, arrangement, schedule)),
      ...noise,
      ...(unseen === null ? {} : { unseen }),
      blocks,
      series,
      statements: await readStatementUses(database),
      transactions: completed,
      causes: await readCauses(database, spans),
      validity: [
        ...validityFacts(runs, arrangement, { disturbances, blocks: spans.length, hostKnown }),
        ...(await environmentFacts(database, arrangement, events)),
        ...(await bundleLoss(database, arrangement.runs)),
        ...(await logCoverage(database)),
        ...warmUp.facts,
        ...facts,
      ],
      timeline: await readTimeline(database, {
        durationMs: Math.max(0, ...arrangement.stretches.map(({ toMs }) => toMs)),
        loadMs: loadMsOf(arrangement),
        blocks,
        volumes: sumVolumes(runs),
        events,
      }),
    };
  }).catch(async (error: unknown) => {
    throw await explainBundleFault(runs, error);
  });
}

/** readFacts says what the bundles hold, without choosing anything of it. */
export async function readFacts(compared: ComparedBundles): Promise<MeasuredFacts> {
  const runs = await openComparedRuns(compared);
  return withDatabase(async (database) => {
    const arrangement = arrangeRuns(runs, await loadRawSamples(database, runs));
    await loadEvidenceTables(database, arrangement.runs, []);
    return readMeasuredFacts(database, runs);
  });
}

type Described = Pick<
  Evidence,
  "runIds" | "schedule" | "releases" | "startedAt" | "loadMs" | "volumes" | "invariants" | "inputs" | "seed" | "looks"
>;

async function describeRuns(runs: readonly ComparedRun[], arrangement: Arrangement, schedule: Schedule): Promise<Described> {
  const startMs = Math.min(...arrangement.runs.map(({ loadStartMs }) => loadStartMs));
  return {
    runIds: runs.map(({ manifest }) => manifest.runId),
    schedule,
    releases: comparedReleases(runs),
    startedAt: new Date(startMs).toISOString(),
    loadMs: loadMsOf(arrangement),
    volumes: sumVolumes(runs),
    invariants: runs.flatMap(invariantsOf),
    inputs: await hashInputs(runs),
    seed: runs[0]?.manifest.seed ?? 0,
    looks: looksOf(runs),
  };
}

function invariantsOf({ manifest, side }: ComparedRun): readonly InvariantResult[] {
  return side === null ? manifest.invariants : manifest.invariants.map((result) => ({ ...result, arm: side }));
}

function loadMsOf({ stretches }: Arrangement): number {
  return stretches.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
}

function scheduleOf(runs: readonly ComparedRun[]): Schedule {
  const apart = runs.some(({ side }) => side !== null);
  return apart ? { kind: "sequential", arm: "candidate" } : (runs[0]?.manifest.schedule ?? { kind: "duet" });
}
