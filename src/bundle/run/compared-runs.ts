import { existsSync } from "node:fs";

import { type Arm, ARMS } from "../../domain/arm.ts";
import { HarnessError } from "../../domain/error.ts";
import type { RunManifest } from "../../domain/load/run.ts";
import { withDatabase } from "../duckdb/database.ts";
import { parquetFile, sql } from "../duckdb/sql.ts";
import { explainFault } from "../k6/file-faults.ts";
import { openResultFile } from "../k6/result-file.ts";
import { readManifest } from "./manifest.ts";
import { type BundlePaths, bundlePaths } from "./paths.ts";

/** ComparedBundles are the folders to compare: runs that hold both arms (`together`), or runs of one arm each (`sides`). */
export type ComparedBundles =
  | { readonly kind: "together"; readonly bundles: readonly string[] }
  | { readonly kind: "sides"; readonly baseline: readonly string[]; readonly candidate: readonly string[] };

/** ComparedRun is one bundle and the arm for which it counts; null where its samples name their arms. */
export interface ComparedRun {
  readonly index: number;
  readonly arm: Arm | null;
  readonly paths: BundlePaths;
  readonly manifest: RunManifest;
}

/** openComparedRuns reads the manifests and refuses bundles that cannot be compared as requested. */
export async function openComparedRuns(compared: ComparedBundles): Promise<ComparedRun[]> {
  const named =
    compared.kind === "together"
      ? compared.bundles.map((folder) => ({ folder, arm: null }))
      : ARMS.flatMap((arm) => compared[arm].map((folder) => ({ folder, arm })));
  if (named.length === 0 || (compared.kind === "sides" && ARMS.some((arm) => compared[arm].length === 0))) {
    throw new HarnessError("usage", "there is nothing to compare", {
      hint: "Name one bundle with two arms, or bundles for both --baseline and --candidate.",
    });
  }
  const runs: ComparedRun[] = [];
  for (const { folder, arm } of named) {
    const manifest = await readManifest(folder);
    requireArms(folder, manifest, arm);
    const twin = runs.find((run) => run.manifest.runId === manifest.runId);
    if (twin !== undefined) {
      throw new HarnessError("usage", `${folder} is the same run as ${twin.paths.folder} (${manifest.runId})`, {
        hint: "Name each run once: a run that counts twice overstates the evidence.",
      });
    }
    runs.push({ index: runs.length, arm, paths: bundlePaths(folder), manifest });
  }
  return runs;
}

function requireArms(folder: string, manifest: RunManifest, arm: Arm | null): void {
  const both = manifest.arms.length === 2;
  if (arm === null && !both) {
    throw new HarnessError("usage", `${folder} holds the ${manifest.arms.join()} arm alone`, {
      hint: "Compare it with another run: peakproof compare --baseline BUNDLE --candidate BUNDLE.",
    });
  }
  if (arm !== null && both) {
    throw new HarnessError("usage", `${folder} was named as ${arm}, but holds both arms`, {
      hint: `Compare its arms with each other: peakproof compare ${folder}.`,
    });
  }
}

/**
 * explainBundleFault turns a failure to read bundles into an error that names the broken file, where there is one. The files are
 * read a second time only here, because checking every file beforehand would double the work.
 */
export async function explainBundleFault(runs: readonly ComparedRun[], error: unknown): Promise<unknown> {
  if (error instanceof HarnessError) return error;
  for (const { paths } of runs) {
    for (const path of [paths.samples, paths.readings].filter((file) => existsSync(file))) {
      const fault = await parquetFault(path);
      if (fault !== null) return fault;
    }
    if (!existsSync(paths.samples) && existsSync(paths.k6Csv)) {
      const file = await openResultFile(paths.k6Csv);
      const explained = file.kind === "summary" ? error : await explainFault(file, error);
      if (explained !== error) return explained;
    }
  }
  return error;
}

async function parquetFault(path: string): Promise<HarnessError | null> {
  try {
    await withDatabase((database) => database.run(sql`select count(columns(*)) from ${parquetFile(path)}`));
    return null;
  } catch (error) {
    return new HarnessError("usage", `${path} is not a whole Parquet file`, {
      hint: "Restore the file from a copy of the bundle, or run or import again.",
      cause: error,
    });
  }
}
