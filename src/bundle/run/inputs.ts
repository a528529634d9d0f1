import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { pipeline } from "node:stream/promises";

import type { Arm } from "../../domain/arm.ts";
import { HarnessError } from "../../domain/error.ts";
import type { Evaluation } from "../../domain/judgement/evaluation.ts";
import type { InputHash } from "../../domain/load/run.ts";
import type { ComparedRun } from "./compared-runs.ts";
import { bundlePaths } from "./paths.ts";

/**
 * hashInputs hashes every file from which the evidence was read. Paths begin with the name of the bundle's folder, wherever it
 * is.
 */
export async function hashInputs(runs: readonly ComparedRun[]): Promise<InputHash[]> {
  const hashes: InputHash[] = [];
  for (const { paths, arm } of runs) {
    const samples = existsSync(paths.samples) ? paths.samples : paths.k6Csv;
    const readings = existsSync(paths.readings) ? paths.readings : paths.readingsPart;
    for (const path of [paths.manifest, samples, readings, paths.events].filter((file) => existsSync(file))) {
      const place = join(basename(paths.folder), relative(paths.folder, path));
      hashes.push({ path: place, sha256: await sha256OfFile(path), ...(arm === null ? {} : { side: arm }) });
    }
  }
  return hashes;
}

/** sha256OfFile hashes a file of any size. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/** RecordedBundle is a bundle among the inputs of a verdict. */
export interface RecordedBundle {
  /** Name of the folder at the time of the verdict. */
  readonly name: string;
  readonly side: Arm | null;
  /** The files by their path in the folder; `run.json` is the first. */
  readonly files: readonly { readonly place: string; readonly sha256: string }[];
}

/** BundlePlaces are the places in which bundles are searched: folders named as bundles, and folders that may hold bundles. */
export interface BundlePlaces {
  readonly named: readonly string[];
  readonly around: readonly string[];
}

/** ChangedFile is an input whose content has changed since the verdict. */
export interface ChangedFile {
  readonly path: string;
  readonly sha256: string;
  readonly recorded: string;
}

const MANIFEST = basename(bundlePaths("").manifest);

/** recordedBundles groups the inputs of a verdict by bundle. The first file of every bundle is its manifest. */
export function recordedBundles({ inputs }: Pick<Evaluation, "inputs">): RecordedBundle[] {
  const bundles: { name: string; side: Arm | null; files: { place: string; sha256: string }[] }[] = [];
  for (const { path, sha256, side } of inputs) {
    const slash = path.indexOf("/");
    const [name, place] = [path.slice(0, slash), path.slice(slash + 1)];
    if (place === MANIFEST) bundles.push({ name, side: side ?? null, files: [] });
    bundles.at(-1)?.files.push({ place, sha256 });
  }
  return bundles;
}

/**
 * locateBundle finds the folder of a recorded bundle: the folder whose manifest is unchanged, under any name, else a folder with
 * the recorded name.
 */
export async function locateBundle(bundle: RecordedBundle, { named, around }: BundlePlaces): Promise<string> {
  const places = [...named, ...around.map((folder) => join(folder, bundle.name))];
  const there = [...new Set(places)].filter((folder) => existsSync(bundlePaths(folder).manifest));
  for (const folder of there) {
    if ((await sha256OfFile(bundlePaths(folder).manifest)) === bundle.files[0]?.sha256) return folder;
  }
  const alike = there.find((folder) => basename(folder) === bundle.name);
  if (alike !== undefined) return alike;
  throw new HarnessError(
    "cannot-measure",
    `the bundle ${bundle.name} of this verdict was not found: looked for ${places.join(", ")}`,
    {
      hint: "Name the folder of the bundle with --bundle FOLDER, once for every bundle of the verdict.",
    },
  );
}

/** changedFiles hashes the files of a located bundle again. */
export async function changedFiles(bundle: RecordedBundle, folder: string): Promise<ChangedFile[]> {
  const changed: ChangedFile[] = [];
  for (const { place, sha256: recorded } of bundle.files) {
    const path = join(folder, place);
    if (!existsSync(path)) {
      throw new HarnessError("cannot-measure", `${path} is missing, and the verdict depends on it`, {
        hint: "Restore the file from a copy of the bundle, or name a whole copy with --bundle FOLDER.",
      });
    }
    const sha256 = await sha256OfFile(path);
    if (sha256 !== recorded) changed.push({ path, sha256, recorded });
  }
  return changed;
}
