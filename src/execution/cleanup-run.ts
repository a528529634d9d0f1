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
  /** The target of the runs, with the users of the load. */
  readonly target: Target;
  /** A user that may delete; null where the users of the load may. */
  readonly user: { readonly login: string; readonly password: string } | null;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/**
 * cleanUpRuns undoes what runs wrote to their target, run by run and arm by arm, the latest run first: a stock count is undone from
 * the stock that it left, and a later count may have changed that stock. All bundles are read and compared with the target first,
 * because a cleanup of the wrong database finds no stamp of the run and would report a clean database.
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
    throw new HarnessError("usage", `${trail.bundle} loaded a ${arm}; the target has no ${arm}`, {
      hint: `Name target.arms.${arm} in the config, as it was when the run was made.`,
    });
  }
  const loaded = trail.databases[arm];
  if (loaded !== undefined && loaded !== endpoint.database) {
    throw new HarnessError(
      "usage",
      `${trail.bundle} loaded database ${loaded}; the config now names ${endpoint.database} for the ${arm}`,
      {
        hint: "Name the config of the run: --config FILE.",
      },
    );
  }
  return endpoint;
}

function describe({ runId, ledger }: RunTrail, arm: Arm): string {
  const refs = (kind: string) =>
    new Set(ledger.filter((record) => record.arm === arm && (kind === "" || record.ledger === kind)).map(({ ref }) => ref));
  const [begun, done] = [refs("").size, refs("done").size];
  return `run ${runId}, ${arm}: the ledger names ${begun} transactions, ${begun - done} of them without a recorded end`;
}

/** RunTrail is what a bundle records about a run's writes: databases, scenarios and created records. */
interface RunTrail {
  readonly bundle: string;
  readonly runId: string;
  readonly arms: readonly Arm[];
  readonly scenarios: readonly ScenarioName[];
  /**
   * The database of each arm, from the plan. Empty where the run ended before it had a plan, and therefore before any load.
   */
  readonly databases: Partial<Readonly<Record<Arm, string>>>;
  /** Lower limit of the creation time of the run's records, in epoch milliseconds; one day earlier than the load, for clock differences. */
  readonly sinceMs: number;
  readonly ledger: readonly LedgerRecord[];
}

const DAY_MS = 24 * 3_600_000;

const workload = z.object({ scenarios: z.record(z.string(), z.unknown()) });
const endpoint = z.object({ database: z.string() });
const plan = z.object({ arms: z.object({ baseline: endpoint.exactOptional(), candidate: endpoint.exactOptional() }) });

/** readRunTrail reads a bundle, also one whose run was killed. */
async function readRunTrail(bundle: string): Promise<RunTrail> {
  const manifest = await readManifest(bundle);
  if (manifest.status === "imported") {
    throw new HarnessError(
      "usage",
      `${bundle} was imported: peakproof did not create its records, so peakproof cannot find them`,
      {
        hint: "Name bundles that `peakproof run` or `campaign` wrote. Remove the records of your own scripts with your own scripts.",
      },
    );
  }
  const loaded = workload.safeParse(manifest.workload);
  const { created, k6Folder } = bundlePaths(bundle);
  return {
    bundle,
    runId: manifest.runId,
    arms: manifest.arms,
    // A run whose workload is unreadable may have loaded any scenario.
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

/** k6 never read a plan that was cut, so such a run loaded nothing. */
function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
