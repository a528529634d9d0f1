import { withDatabase } from "../bundle/duckdb/database.ts";
import { type ComparedBundles, type ComparedRun, explainBundleFault, openComparedRuns } from "../bundle/run/compared-runs.ts";
import { hashInputs } from "../bundle/run/inputs.ts";
import type { Block, Evidence } from "../domain/judgement/evidence.ts";
import type { Indicator } from "../domain/judgement/indicator.ts";
import type { Policy } from "../domain/judgement/policy.ts";
import type { InvariantResult, Schedule } from "../domain/load/run.ts";
import { calibratedNoise } from "./calibration/fit.ts";
import { CAUSE_COUNTERS, readCauses } from "./causes/causes.ts";
import { HOST_COUNTERS, readDisturbances } from "./disturbance/disturbances.ts";
import { readRunEvents } from "./disturbance/events.ts";
import { findWarmUpEnd } from "./disturbance/warm-up.ts";
import { type MeasuredFacts, readMeasuredFacts, unseenInRuns } from "./frame/measured-facts.ts";
import { comparedReleases, looksOf, sumVolumes } from "./frame/releases.ts";
import { loadEvidenceTables, loadRawSamples } from "./frame/tables.ts";
import { type Arrangement, arrangeRuns, cutBlocks } from "./frame/time-axis.ts";
import { loadGrowth, readCounterGrowth } from "./series/counters.ts";
import { loadRequestTables } from "./series/request-tables.ts";
import { countersOf, readSeries } from "./series/series.ts";
import { readCompleted, readStatementUses } from "./series/statements.ts";
import { readTimeline } from "./timeline/timeline.ts";
import { environmentFacts, logCoverage } from "./validity/environment.ts";
import { bundleLoss, validityFacts } from "./validity/validity.ts";

/**
 * readEvidence reads the evidence of the bundles for the indicators that `choose` picks for the measured facts.
 *
 * The same bundles give the same evidence, byte for byte, wherever they are stored.
 */
export async function readEvidence(
  compared: ComparedBundles,
  options: { policy: Policy; choose: (facts: MeasuredFacts) => readonly Indicator[] },
): Promise<Evidence> {
  const runs = await openComparedRuns(compared);
  const schedule = scheduleOf(runs);
  return withDatabase(async (database) => {
    const raw = await loadRawSamples(database, runs);
    const arrangement = arrangeRuns(runs, raw.spans);
    const spans = cutBlocks(arrangement, schedule, options.policy.blockMs);
    const framed = await loadEvidenceTables(database, raw, { runs: arrangement.runs, blocks: spans });
    const indicators = options.choose(await readMeasuredFacts(database, framed, runs));
    const growth = await loadGrowth(database, framed, [...HOST_COUNTERS, ...countersOf(indicators), ...CAUSE_COUNTERS]);
    const tables = { ...framed, growth, ...(await loadRequestTables(database, framed)) };
    const growths = await readCounterGrowth(database, tables);
    const events = await readRunEvents(database, tables, { arrangement, growths, blocks: spans });
    const completed = await readCompleted(database, tables);
    const warmUp = await findWarmUpEnd(database, tables, spans);
    const disturbances = [
      ...(await readDisturbances(database, tables, { growths, limits: options.policy, blocks: spans, events, completed })),
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
    const hostKnown = growths.some(({ name }) => name === "cpu_total_ms");
    const unseen = unseenInRuns(runs);
    return {
      ...(await describeRuns(runs, arrangement, schedule)),
      ...noise,
      ...(unseen === null ? {} : { unseen }),
      blocks,
      series: await readSeries(database, tables, { indicators, growths, blocks: spans }),
      statements: await readStatementUses(database, tables),
      transactions: completed,
      causes: await readCauses(database, tables, { growths, blocks: spans }),
      validity: [
        ...validityFacts(runs, arrangement, { disturbances, blocks: spans.length, hostKnown }),
        ...(await environmentFacts(database, tables, { arrangement, events })),
        ...(await bundleLoss(database, tables, arrangement.runs)),
        ...(await logCoverage(database, tables)),
        ...warmUp.facts,
        ...facts,
      ],
      timeline: await readTimeline(database, tables, {
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

/** readFacts lists what the bundles hold, without choosing indicators. */
export async function readFacts(compared: ComparedBundles): Promise<MeasuredFacts> {
  const runs = await openComparedRuns(compared);
  return withDatabase(async (database) => {
    const raw = await loadRawSamples(database, runs);
    const arranged = arrangeRuns(runs, raw.spans).runs;
    return readMeasuredFacts(database, await loadEvidenceTables(database, raw, { runs: arranged, blocks: [] }), runs);
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

function invariantsOf({ manifest, arm }: ComparedRun): readonly InvariantResult[] {
  return arm === null ? manifest.invariants : manifest.invariants.map((result) => ({ ...result, arm }));
}

function loadMsOf({ stretches }: Arrangement): number {
  return stretches.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
}

function scheduleOf(runs: readonly ComparedRun[]): Schedule {
  const apart = runs.some(({ arm }) => arm !== null);
  return apart ? { kind: "sequential", arm: "candidate" } : (runs[0]?.manifest.schedule ?? { kind: "duet" });
}
