import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { z } from "zod";

import { readManifest } from "../bundle/run/manifest.ts";
import { bundlePaths } from "../bundle/run/paths.ts";
import type { Arm } from "../domain/arm.ts";
import { HarnessError } from "../domain/error.ts";
import type { CleanedArm, LedgerRecord } from "../domain/load/ledger.ts";
import { SCENARIO_NAMES, type ScenarioName } from "../domain/load/plan.ts";
import type { Progress } from "../domain/progress.ts";
import type { ArmEndpoint, Target } from "../domain/target/target.ts";
import { readWholeLedger } from "../load/k6-output.ts";
import { cleanArm } from "../odoo/cleanup/clean-arm.ts";
import { requireVersion } from "../odoo/connection/server.ts";

export interface CleanupOptions {
  readonly bundles: readonly string[];
  /** Where the runs wrote, with the users that they loaded as. */
  readonly target: Target;
  /** A user that may delete; null where those of the load may. */
  readonly user: { readonly login: string; readonly password: string } | null;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/**
 * cleanUpRuns undoes what runs wrote to their target, run by run and arm by arm, the latest first: a count is taken back from what
 * it left, and a later count may have left less. All bundles are read and held against the target first: the stamp of a run is not found in a database that it never loaded, and that would read like a clean one.
 */
export async function cleanUpRuns(options: CleanupOptions): Promise<readonly CleanedArm[]> {
  const { target, user, signal, progress } = options;
  const trails: RunTrail[] = [];
  for (const bundle of options.bundles) trails.push(await readRunTrail(bundle));
  trails.sort((a, b) => b.sinceMs - a.sinceMs);
  const work = trails.flatMap((trail) => trail.arms.map((arm) => ({ trail, arm, account: accountOf(target, trail, arm) })));
  const cleaned: CleanedArm[] = [];
  for (const { trail, arm, account } of work) {
    await requireVersion(account.baseUrl);
    progress.note(describe(trail, arm));
    const loadedBy = account.login;
    cleaned.push(await cleanArm({ ...trail, account: { ...account, ...user }, loadedBy, arm, signal, progress }));
  }
  return cleaned;
}

function accountOf(target: Target, trail: RunTrail, arm: Arm): ArmEndpoint {
  const endpoint = target.arms[arm];
  if (endpoint === undefined) {
    throw new HarnessError("usage", `${trail.bundle} loaded a ${arm}, and the target has none`, {
      hint: `Name target.arms.${arm} in the config, as it was when the run was made.`,
    });
  }
  const loaded = trail.databases[arm];
  if (loaded !== undefined && loaded !== endpoint.database) {
    throw new HarnessError("usage", `${trail.bundle} loaded database ${loaded}, and the ${arm} is ${endpoint.database} now`, {
      hint: "Give the config with which the run was made: --config FILE.",
    });
  }
  return endpoint;
}

function describe({ runId, ledger }: RunTrail, arm: Arm): string {
  const refs = (kind: string) =>
    new Set(ledger.filter((record) => record.arm === arm && (kind === "" || record.ledger === kind)).map(({ ref }) => ref));
  const [begun, done] = [refs("").size, refs("done").size];
  return `run ${runId}, ${arm}: the ledger names ${begun} transactions, ${begun - done} of them not seen to end`;
}

/** RunTrail is what a bundle tells about where a run wrote, and what. */
export interface RunTrail {
  readonly bundle: string;
  readonly runId: string;
  readonly arms: readonly Arm[];
  readonly scenarios: readonly ScenarioName[];
  /**
   * The database that each arm was, as the plan has it; empty where the run ended before it had a plan, and so before any load.
   */
  readonly databases: Partial<Readonly<Record<Arm, string>>>;
  /** No record of the run is older: epoch milliseconds, with a day for clocks that differ. */
  readonly sinceMs: number;
  readonly ledger: readonly LedgerRecord[];
}

const DAY_MS = 24 * 3_600_000;

const workload = z.object({ scenarios: z.record(z.string(), z.unknown()) });
const endpoint = z.object({ database: z.string() });
const plan = z.object({ arms: z.object({ baseline: endpoint.exactOptional(), candidate: endpoint.exactOptional() }) });

/** readRunTrail reads a bundle, also one whose run was killed. */
export async function readRunTrail(bundle: string): Promise<RunTrail> {
  const manifest = await readManifest(bundle);
  if (manifest.status === "imported") {
    throw new HarnessError("usage", `${bundle} was imported: peakproof did not make its records and cannot know them`, {
      hint: "Name bundles that `peakproof run` or `campaign` wrote. What your own scripts created is theirs to remove.",
    });
  }
  const loaded = workload.safeParse(manifest.workload);
  const { created, k6Folder } = bundlePaths(bundle);
  return {
    bundle,
    runId: manifest.runId,
    arms: manifest.arms,
    // A run whose workload cannot be told may have loaded anything.
    scenarios: SCENARIO_NAMES.filter((name) => !loaded.success || Object.hasOwn(loaded.data.scenarios, name)),
    databases: await readDatabases(join(k6Folder, "plan.json")),
    sinceMs: manifest.loadStartMs - DAY_MS,
    ledger: await readWholeLedger({ created, consoleLog: join(k6Folder, "console.log") }),
  };
}

async function readDatabases(path: string): Promise<RunTrail["databases"]> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch {
    return {};
  }
  const parsed = plan.safeParse(jsonOrNull(text));
  if (!parsed.success) return {};
  const { baseline, candidate } = parsed.data.arms;
  return {
    ...(baseline === undefined ? {} : { baseline: baseline.database }),
    ...(candidate === undefined ? {} : { candidate: candidate.database }),
  };
}

/** A plan that was cut was never read by k6. */
function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
