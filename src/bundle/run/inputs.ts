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

/** hashInputs hashes every file that the evidence was read from. Paths begin with the bundle's own name, wherever it lies. */
export async function hashInputs(runs: readonly ComparedRun[]): Promise<InputHash[]> {
  const hashes: InputHash[] = [];
  for (const { paths, side } of runs) {
    const samples = existsSync(paths.samples) ? paths.samples : paths.k6Csv;
    const readings = existsSync(paths.readings) ? paths.readings : paths.readingsPart;
    for (const path of [paths.manifest, samples, readings, paths.events].filter((file) => existsSync(file))) {
      const place = join(basename(paths.folder), relative(paths.folder, path));
      hashes.push({ path: place, sha256: await sha256OfFile(path), ...(side === null ? {} : { side }) });
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

/** RecordedBundle is one bundle that a verdict names among its inputs. */
export interface RecordedBundle {
  /** Name of the folder when the verdict was written. */
  readonly name: string;
  readonly side: Arm | null;
  /** Its files, by their place in the folder; `run.json` is the first. */
  readonly files: readonly { readonly place: string; readonly sha256: string }[];
}

/** Where to look for bundles: folders that were named as bundles, and folders that may hold them. */
export interface BundlePlaces {
  readonly named: readonly string[];
  readonly around: readonly string[];
}

/** ChangedFile is an input whose content is another one now. */
export interface ChangedFile {
  readonly path: string;
  readonly sha256: string;
  readonly recorded: string;
}

const MANIFEST = basename(bundlePaths("").manifest);

/** recordedBundles takes the inputs of a verdict apart: every bundle begins with its manifest. */
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
 * locateBundle finds the folder in which a recorded bundle lies now: the one whose manifest has not changed, whatever its name,
 * else one that at least has the name.
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
      hint: "Say where the bundle lies now with --bundle FOLDER, once for every bundle of the verdict.",
    },
  );
}

/** changedFiles hashes the files of a located bundle again. */
export async function changedFiles(bundle: RecordedBundle, folder: string): Promise<ChangedFile[]> {
  const changed: ChangedFile[] = [];
  for (const { place, sha256: recorded } of bundle.files) {
    const path = join(folder, place);
    if (!existsSync(path)) {
      throw new HarnessError("cannot-measure", `${path} is gone, and the verdict rests on it`, {
        hint: "Put the file back from a copy of the bundle, or name a whole copy with --bundle FOLDER.",
      });
    }
    const sha256 = await sha256OfFile(path);
    if (sha256 !== recorded) changed.push({ path, sha256, recorded });
  }
  return changed;
}
