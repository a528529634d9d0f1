import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { z } from "zod";

import { readManifest } from "../bundle/run/manifest.ts";
import { bundlePaths } from "../bundle/run/paths.ts";
import type { Arm } from "../domain/arm.ts";
import { HarnessError } from "../domain/error.ts";
import type { LedgerRecord } from "../domain/load/ledger.ts";
import { SCENARIO_NAMES, type ScenarioName } from "../domain/load/plan.ts";
import { readWholeLedger } from "../load/k6-output.ts";

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
