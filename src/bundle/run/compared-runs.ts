import { existsSync } from "node:fs";

import { type Arm, ARMS } from "../../domain/arm.ts";
import { HarnessError } from "../../domain/error.ts";
import type { RunManifest } from "../../domain/load/run.ts";
import { sqlPath, withDatabase } from "../files/database.ts";
import { explainFault } from "../k6/file-faults.ts";
import { openResultFile } from "../k6/result-file.ts";
import { readManifest } from "./manifest.ts";
import { type BundlePaths, bundlePaths } from "./paths.ts";

/** ComparedBundles are the folders to compare: runs that hold both arms, or runs of one arm each for either side. */
export type ComparedBundles =
  | { readonly kind: "together"; readonly bundles: readonly string[] }
  | { readonly kind: "sides"; readonly baseline: readonly string[]; readonly candidate: readonly string[] };

/** ComparedRun is one bundle and the side that it speaks for; null where its samples say that themselves. */
export interface ComparedRun {
  readonly index: number;
  readonly side: Arm | null;
  readonly paths: BundlePaths;
  readonly manifest: RunManifest;
}

/** openComparedRuns reads the manifests and makes sure that the bundles can be compared in the way that was asked for. */
export async function openComparedRuns(compared: ComparedBundles): Promise<ComparedRun[]> {
  const named =
    compared.kind === "together"
      ? compared.bundles.map((folder) => ({ folder, side: null }))
      : ARMS.flatMap((side) => compared[side].map((folder) => ({ folder, side })));
  if (named.length === 0 || (compared.kind === "sides" && ARMS.some((side) => compared[side].length === 0))) {
    throw new HarnessError("usage", "there is nothing to compare", {
      hint: "Name one bundle with two arms, or bundles for both --baseline and --candidate.",
    });
  }
  const runs: ComparedRun[] = [];
  for (const { folder, side } of named) {
    const manifest = await readManifest(folder);
    requireArms(folder, manifest, side);
    const twin = runs.find((run) => run.manifest.runId === manifest.runId);
    if (twin !== undefined) {
      throw new HarnessError("usage", `${folder} is the same run as ${twin.paths.folder} (${manifest.runId})`, {
        hint: "Name each run once: a run that is counted twice looks like more evidence than there is.",
      });
    }
    runs.push({ index: runs.length, side, paths: bundlePaths(folder), manifest });
  }
  return runs;
}

function requireArms(folder: string, manifest: RunManifest, side: Arm | null): void {
  const both = manifest.arms.length === 2;
  if (side === null && !both) {
    throw new HarnessError("usage", `${folder} holds the ${manifest.arms.join()} arm alone`, {
      hint: "Compare it with another run: peakproof compare --baseline BUNDLE --candidate BUNDLE.",
    });
  }
  if (side !== null && both) {
    throw new HarnessError("usage", `${folder} was named as ${side}, but holds both arms`, {
      hint: `Compare its arms with each other: peakproof compare ${folder}.`,
    });
  }
}

/**
 * explainBundleFault turns a failure to read bundles into one that names the broken file, where there is one. It is looked for
 * only now: reading every file twice while all is well would double the work.
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
    await withDatabase((database) => database.run(`select count(columns(*)) from read_parquet(${sqlPath(path)})`));
    return null;
  } catch (error) {
    return new HarnessError("usage", `${path} is not a whole Parquet file`, {
      hint: "Put the file back from a copy of the bundle, or run or import again.",
      cause: error,
    });
  }
}
