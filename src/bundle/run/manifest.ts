import { z } from "zod";

import type { ProbeRecord, RunManifest } from "../../domain/load/run.ts";
import { SERVICES } from "../../domain/service.ts";
import { TARGET_PARTS } from "../../domain/target/target.ts";
import { writeFileAtomic } from "../../files/atomic-file.ts";
import { readJsonFile } from "../../files/json-file.ts";
import { bundlePaths } from "./paths.ts";

/** readManifest reads and checks a bundle's `run.json`. */
export async function readManifest(bundle: string): Promise<RunManifest> {
  const { content } = await readJsonFile(bundlePaths(bundle).manifest, {
    what: "bundle",
    schema: runSchema,
    unreadable: {
      message: (path) => `${bundle} is not a run bundle: there is no readable ${path}`,
      hint: "Name a folder that `peakproof run`, `campaign` or `import` wrote.",
    },
    notJson: "The file was cut or changed: restore it from a copy, or run or import again.",
    notValid: {
      message: (path, issue) => `${path}: ${issue}`,
      hint: "The file is not a run manifest of peakproof, or it was changed by hand: restore it, or run or import again.",
    },
  });
  return content;
}

/** writeManifest replaces a bundle's `run.json` as a whole. */
export async function writeManifest(bundle: string, manifest: RunManifest): Promise<void> {
  await writeFileAtomic(bundlePaths(bundle).manifest, `${JSON.stringify(manifest, null, 2)}\n`);
}

/** amendManifest replaces some fields of a bundle's `run.json`, such as invariants that were checked after the load. */
export async function amendManifest(bundle: string, change: Partial<RunManifest>): Promise<RunManifest> {
  const manifest = { ...(await readManifest(bundle)), ...change };
  await writeManifest(bundle, manifest);
  return manifest;
}

const arm = z.enum(["baseline", "candidate"]);
const service = z.enum(SERVICES);
const count = z.number().int().nonnegative();

const schedule = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("duet") }),
  z.object({ kind: z.literal("slots"), slotMs: z.number().positive(), guardMs: z.number().nonnegative() }),
  z.object({ kind: z.literal("sequential"), arm }),
]);

const release = z.object({ label: z.string(), identity: z.record(z.string(), z.string()) });

const volume = z.object({
  service,
  scenario: z.string(),
  unit: z.string(),
  planned: z.number().nonnegative().nullable(),
  achieved: count,
  failed: count,
  dropped: count,
  interrupted: count,
});

const counts = z.object({
  samples: count,
  readings: count,
  iterations: count,
  httpRequests: count,
  dropped: count,
  summary: z.object({ iterations: count, httpRequests: count, dropped: count }).nullable(),
});

const invariant = z.object({
  id: z.string(),
  arm,
  label: z.string(),
  status: z.enum(["intact", "broken", "not-checked"]),
  checked: count,
  violations: count,
  examples: z.array(z.string()),
});

/** Older versions recorded a probe that was not configured only by the beginning of `lastFailure`. */
const OLD_NOT_CONFIGURED = "not configured";

const probe = z
  .object({
    name: z.string(),
    state: z.enum(["read", "not-configured", "failed"]).exactOptional(),
    readings: count,
    failures: count,
    lastFailure: z.string().nullable(),
  })
  .transform(({ name, ...record }): ProbeRecord => ({ name, state: record.state ?? stateOf(record), ...record }));

function stateOf({ readings, lastFailure }: Pick<ProbeRecord, "readings" | "lastFailure">): NonNullable<ProbeRecord["state"]> {
  if (lastFailure?.startsWith(OLD_NOT_CONFIGURED) === true) return "not-configured";
  return readings === 0 ? "failed" : "read";
}

/** runSchema checks the content of `run.json`. */
const runSchema: z.ZodType<RunManifest> = z.object({
  schemaVersion: z.literal(1),
  runId: z.string().min(1),
  status: z.enum(["complete", "aborted", "failed", "imported"]),
  statusReason: z.string().nullable(),
  target: z.string(),
  arms: z.array(arm).min(1),
  schedule,
  // Not a record: a run of one arm has one release.
  releases: z.object({ baseline: release.exactOptional(), candidate: release.exactOptional() }),
  workload: z.unknown(),
  workloadHash: z.string().nullable(),
  k6Version: z.string().nullable(),
  seed: z.number().int(),
  loadStartMs: z.number(),
  loadEndMs: z.number(),
  warmupMs: z.number().nonnegative(),
  volumes: z.array(volume),
  counts,
  probes: z.array(probe),
  invariants: z.array(invariant),
  settings: z.record(z.string(), z.string()),
  round: z
    .object({ campaign: z.string(), number: z.number().int().positive(), firstLook: z.number().int().positive() })
    .exactOptional(),
  unseen: z.array(z.object({ part: z.enum(TARGET_PARTS), declared: z.boolean() })).exactOptional(),
});
