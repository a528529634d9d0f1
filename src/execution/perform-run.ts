import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { type BundleWriter, createBundle, type RunStart } from "../bundle/run/writer.ts";
import { type Arm, ARMS, type PerArm } from "../domain/arm.ts";
import { HarnessError } from "../domain/error.ts";
import type { LedgerRecord } from "../domain/load/ledger.ts";
import { type Plan, scenariosOf, type Workload } from "../domain/load/plan.ts";
import type { InvariantResult, ProbeRecord, Round, RunManifest, Schedule } from "../domain/load/run.ts";
import type { Progress } from "../domain/progress.ts";
import type { Release } from "../domain/target/release.ts";
import { type Target, unseenParts } from "../domain/target/target.ts";
import { plannedArrivals } from "../load/arrivals.ts";
import { compilePlan } from "../load/compile-plan.ts";
import { readLedger } from "../load/k6-output.ts";
import { type K6Exit, startK6 } from "../load/k6-process.ts";
import { inspectK6, type K6Login, readK6Version } from "../load/k6-program.ts";
import { describeWrites, plannedWrites, requireWriteBudget } from "../load/planned-writes.ts";
import { checkInvariants, type InvariantSnapshot, snapshotInvariants } from "../odoo/invariants/check-invariants.ts";
import { createProbes } from "../probe/create-probes.ts";
import { checkTarget } from "../probe/inspect-target.ts";
import { startSampler } from "../probe/sampling/sampler.ts";
import { armsOf, readShop, requireLoadable, type Shop } from "./shop-target.ts";

/** PreparedTarget is a target whose releases are started and warmed up. */
export interface PreparedTarget {
  readonly target: Target;
  readonly releases: Partial<PerArm<Release>>;
  /** Processes of the stack on this machine by name, so that their CPU time does not count as foreign. */
  readonly otherPids: Readonly<Record<string, number>>;
  readonly settings: Readonly<Record<string, string>>;
}

/** AroundLoad does work that lasts as long as the load, such as a drill's faults. It calls `load` once and returns its value. */
export type AroundLoad = <Value>(load: () => Promise<Value>) => Promise<Value>;

export interface RunOptions {
  readonly runId: string;
  /** Folder of the bundle; must not exist yet. */
  readonly bundle: string;
  readonly prepared: PreparedTarget;
  readonly schedule: Schedule;
  readonly workload: Workload;
  readonly seed: number;
  /** Capabilities and shop data of the target where the campaign has read them already; null reads them. */
  readonly shop: Shop | null;
  /** Place in an adaptive campaign. */
  readonly round?: Round;
  readonly k6: string;
  /** Path of scenarios/main.ts. */
  readonly scenarios: string;
  readonly aroundLoad?: AroundLoad;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/**
 * performRun loads a prepared target once and leaves a bundle. Nothing is sent before all checks have passed. A load that was cut short
 * leaves a bundle with status `aborted` or `failed`.
 */
export async function performRun(options: RunOptions): Promise<RunManifest> {
  const { prepared, progress, workload } = options;
  const writes = plannedWrites(options);
  requireWriteBudget(writes, prepared.target.writeBudget);
  progress.stage("Checking the target", 4000);
  await checkTarget(prepared.target);
  if (options.shop !== null) await requireLoadable(prepared.target);
  const shop = options.shop ?? (await readShop(prepared.target, scenariosOf(workload)));
  const plan = compilePlan({ ...options, ...shop, arms: prepared.target.arms });
  progress.note(describeWrites(writes));
  if (workload.scenarios.browse !== undefined) progress.note(describeVisitors(userOf(prepared.target)));
  const snapshots = await snapshotBusiness(prepared.target);
  const bundle = await createBundle(options.bundle, describeStart(options, plan, await readK6Version(options.k6)));
  const planPath = join(bundle.paths.k6Folder, "plan.json");
  await writeFile(planPath, JSON.stringify(plan));
  await inspectK6({ k6: options.k6, script: options.scenarios, planPath, plan });
  const around: AroundLoad = options.aroundLoad ?? ((work) => work());
  const { exit, probes } = await around(() => load(options, { bundle, plan, planPath }));
  progress.stage("Checking the business and closing the bundle", 8000);
  const ledger = await readLedger(consoleLogOf(bundle));
  for (const record of ledger) bundle.appendRecord(record);
  const invariants = await checkBusiness(prepared.target, { snapshots, ledger });
  return bundle.finish((firstStartMs) => {
    const loadStartMs = firstStartMs ?? exit.startedMs;
    const plannedEndMs = loadStartMs + plan.warmupMs + plan.durationMs;
    return {
      status: exit.kind === "finished" ? "complete" : exit.kind,
      statusReason: exit.reason,
      loadStartMs,
      loadEndMs: exit.kind === "finished" ? plannedEndMs : Math.min(plannedEndMs, exit.endedMs),
      planned: scenariosOf(workload).map((scenario) => ({ scenario, planned: plannedArrivals(plan, scenario).load })),
      probes,
      invariants,
    };
  });
}

/** load runs k6 while the probes read. The probes start before k6 and end after it, so that counters cover the whole load. */
async function load(
  options: RunOptions,
  { bundle, plan, planPath }: { bundle: BundleWriter; plan: Plan; planPath: string },
): Promise<{ exit: K6Exit; probes: readonly ProbeRecord[] }> {
  const { prepared, progress, signal } = options;
  const loadMs = plan.warmupMs + plan.durationMs;
  let loaderPid: number | null = null;
  const { probes, missing } = createProbes(prepared.target, { loaderPid: () => loaderPid, otherPids: prepared.otherPids });
  const sampler = await startSampler(probes, { sink: (readings) => bundle.appendReadings(readings) });
  try {
    progress.stage(
      `Loading ${Object.values(prepared.releases)
        .map(({ label }) => label)
        .join(" and ")}`,
      loadMs + 5000,
    );
    const k6 = startK6({
      k6: options.k6,
      script: options.scenarios,
      planPath,
      user: userOf(prepared.target),
      csv: bundle.paths.k6Csv,
      summary: bundle.paths.k6Summary,
      consoleLog: consoleLogOf(bundle),
      loadMs,
      gracefulStopMs: plan.gracefulStopMs,
      signal,
      onProgress: ({ fraction, transactions, failed }) =>
        progress.update(fraction, `${transactions} transactions, ${failed} failed`),
    });
    loaderPid = k6.pid;
    const exit = await k6.ended;
    return { exit, probes: [...(await sampler.stop()), ...missing] };
  } finally {
    await sampler.stop();
  }
}

function describeStart(options: RunOptions, plan: Plan, k6Version: string): RunStart {
  const { runId, prepared, schedule, workload, seed } = options;
  return {
    runId,
    target: prepared.target.name,
    arms: armsOf(prepared.target).map(({ arm }) => arm),
    schedule,
    releases: prepared.releases,
    workload,
    workloadHash: createHash("sha256").update(JSON.stringify(workload)).digest("hex"),
    k6Version,
    seed,
    loadStartMs: Date.now(),
    warmupMs: plan.warmupMs,
    settings: prepared.settings,
    unseen: unseenParts(prepared.target),
    ...(options.round === undefined ? {} : { round: options.round }),
  };
}

/** userOf is the API user of the scenarios. Both arms have the same user, because their databases are clones. */
function userOf(target: Target): K6Login {
  const [first, second] = armsOf(target);
  if (first === undefined)
    throw new HarnessError("usage", "the target has no arm", { hint: "Name target.arms.baseline in the config." });
  const { login, password, apiKey = null, customer = null } = first;
  const isOther =
    second?.login !== login ||
    second.password !== password ||
    (second.apiKey ?? null) !== apiKey ||
    second.customer?.login !== customer?.login ||
    second.customer?.password !== customer?.password;
  if (second !== undefined && isOther) {
    throw new HarnessError("usage", "the arms have different API users or customers", {
      hint: "Give both arms the same login, password, API key and customer: they hold the same data.",
    });
  }
  return { login, password, apiKey, customer };
}

/** describeVisitors says who the visitors of `browse` are. */
function describeVisitors({ customer }: K6Login): string {
  if (customer !== null && customer !== undefined)
    return `browse: some visitors are logged in as ${customer.login}, the others are guests`;
  return "browse: all visitors are guests, since the target names no customer (customerLoginEnv, customerPasswordEnv)";
}

function consoleLogOf(bundle: BundleWriter): string {
  return join(bundle.paths.k6Folder, "console.log");
}

type ArmSnapshots = Partial<Readonly<Record<Arm, InvariantSnapshot>>>;

/** snapshotBusiness evaluates the business rules before the load, so that older violations do not count against the run. */
async function snapshotBusiness(target: Target): Promise<ArmSnapshots> {
  const snapshots: Partial<Record<Arm, InvariantSnapshot>> = {};
  for (const arm of ARMS) {
    const dsn = target.arms[arm]?.invariantsDsn ?? null;
    if (dsn !== null) snapshots[arm] = await snapshotInvariants(dsn);
  }
  return snapshots;
}

/** checkBusiness evaluates the business rules after the load. */
async function checkBusiness(
  target: Target,
  options: { snapshots: ArmSnapshots; ledger: readonly LedgerRecord[] },
): Promise<readonly InvariantResult[]> {
  const results: InvariantResult[] = [];
  for (const arm of ARMS) {
    const dsn = target.arms[arm]?.invariantsDsn ?? null;
    const snapshot = options.snapshots[arm];
    // A run that could not check the business rules records that, which bars a PASS: unchecked rules must not read as intact rules.
    // Where the config declared the rules as unseen, the verdict names the blind spot instead.
    const declared = target.unseen?.includes("business-rules") ?? false;
    if (target.arms[arm] !== undefined && (dsn === null || snapshot === undefined) && !declared) results.push(unchecked(arm));
    if (dsn !== null && snapshot !== undefined) {
      results.push(...(await checkInvariants(dsn, { arm, ledger: options.ledger, snapshot })));
    }
  }
  return results;
}

function unchecked(arm: Arm): InvariantResult {
  const label = "The business rules";
  const examples = ["the target names no connection of the invariants role"];
  return { id: "business-rules", arm, label, status: "not-checked", checked: 0, violations: 0, examples };
}
