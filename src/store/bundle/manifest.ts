import { readFile } from "node:fs/promises";

import { HarnessError } from "../../domain/error.ts";
import type { RunManifest } from "../../domain/run.ts";
import { writeFileAtomic } from "../files/atomic-file.ts";
import { bundlePaths } from "./bundle-paths.ts";
import { refuseNewerSchema } from "../files/newer-schema.ts";
import { runSchema } from "./run-schema.ts";

/** readManifest reads and checks a bundle's `run.json`. */
export async function readManifest(bundle: string): Promise<RunManifest> {
  const path = bundlePaths(bundle).manifest;
  const raw = await readText(path, bundle);
  const parsed = parseJson(raw, path);
  refuseNewerSchema({ path, raw, parsed, what: "bundle" });
  const manifest = runSchema.safeParse(parsed);
  if (manifest.success) return manifest.data;
  const issue = manifest.error.issues[0];
  throw new HarnessError("usage", `${path}: ${issue?.path.join(".") ?? "?"}: ${issue?.message ?? "not a run manifest"}`, {
    hint: "The file is not a run manifest of peakproof, or it was changed by hand: restore it, or run or import again.",
    cause: manifest.error,
  });
}

/** writeManifest replaces a bundle's `run.json` as a whole. */
export async function writeManifest(bundle: string, manifest: RunManifest): Promise<void> {
  await writeFileAtomic(bundlePaths(bundle).manifest, `${JSON.stringify(manifest, null, 2)}\n`);
}

/** amendManifest changes some fields of a bundle's `run.json`, such as invariants that were checked after the load. */
export async function amendManifest(bundle: string, change: Partial<RunManifest>): Promise<RunManifest> {
  const manifest = { ...(await readManifest(bundle)), ...change };
  await writeManifest(bundle, manifest);
  return manifest;
}

async function readText(path: string, bundle: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new HarnessError("usage", `${bundle} is not a run bundle: there is no readable ${path}`, {
      hint: "Name a folder that `peakproof run`, `campaign` or `import` wrote.",
      cause: error,
    });
  }
}

function parseJson(raw: string, path: string): unknown {
  try {
    return JSON.parse(raw);
  } catch (error) {
    throw new HarnessError("usage", `${path} is not JSON: ${error instanceof Error ? error.message : String(error)}`, {
      hint: "The file was cut or changed: restore it from a copy, or run or import again.",
      cause: error,
    });
  }
}
