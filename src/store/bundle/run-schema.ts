import { z } from "zod";

import type { RunManifest } from "../../domain/run.ts";
import { TARGET_PARTS } from "../../domain/target-part.ts";

const arm = z.enum(["baseline", "candidate"]);
const service = z.enum(["checkout", "stock", "order-import", "warehouse", "store", "finance", "platform"]);
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

const probe = z.object({ name: z.string(), readings: count, failures: count, lastFailure: z.string().nullable() });

/** runSchema checks `run.json` where it enters the harness. */
export const runSchema: z.ZodType<RunManifest> = z.object({
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
