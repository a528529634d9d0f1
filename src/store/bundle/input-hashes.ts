import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { pipeline } from "node:stream/promises";

import type { InputHash } from "../../domain/run.ts";
import type { ComparedRun } from "../evidence/compared-runs.ts";

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
