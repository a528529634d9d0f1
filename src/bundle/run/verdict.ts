import { readFile } from "node:fs/promises";

import { z } from "zod";

import { HarnessError } from "../../domain/error.ts";
import type { Evaluation } from "../../domain/judgement/evaluation.ts";
import { refuseNewerSchema } from "../files/newer-schema.ts";

/** A verdict can be recomputed by its own policy, so that much of it must be whole. */
const policy = z.looseObject({
  alpha: z.number(),
  equivalenceAlpha: z.number(),
  resamples: z.number(),
  minimumBlocks: z.number(),
  blockMs: z.number().positive(),
  indicators: z.record(z.string(), z.looseObject({})),
});

/** What tells a verdict from any other JSON. The rest was written by the same program and is not checked field by field. */
const verdictFile = z.looseObject({
  schemaVersion: z.union([z.literal(1), z.literal(2)]),
  verdict: z.enum(["pass", "fail", "inconclusive"]),
  confidence: z.number().nullable(),
  summary: z.string(),
  reasons: z.array(z.looseObject({ kind: z.string(), text: z.string() })),
  next: z.array(z.string()),
  runIds: z.array(z.string()),
  releases: z.looseObject({ baseline: z.looseObject({ label: z.string() }), candidate: z.looseObject({ label: z.string() }) }),
  load: z.looseObject({ volumes: z.array(z.looseObject({})) }),
  changes: z.array(z.looseObject({ indicator: z.string(), change: z.string() })),
  attribution: z.array(z.looseObject({})),
  invariants: z.array(z.looseObject({})),
  validity: z.array(z.looseObject({})),
  inputs: z.array(z.looseObject({ path: z.string(), sha256: z.string(), side: z.enum(["baseline", "candidate"]).optional() })),
  policy,
  method: z.looseObject({ version: z.string().optional() }),
  timeline: z.looseObject({ series: z.array(z.looseObject({})) }),
});

const evaluation = z.custom<Evaluation>((value) => verdictFile.safeParse(value).success);

/** StoredVerdict is a verdict and the very bytes that it was read from. */
export interface StoredVerdict {
  readonly bytes: Buffer;
  readonly verdict: Evaluation;
}

/** readVerdict reads a verdict that was stored. */
export async function readVerdict(path: string): Promise<StoredVerdict> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new HarnessError("usage", `there is no readable verdict at ${path}`, {
      hint: "Name a verdict.json that `peakproof compare` or `campaign` wrote.",
      cause: error,
    });
  });
  const raw = bytes.toString();
  const parsed = jsonOrNull(raw);
  refuseNewerSchema({ path, raw, parsed, what: "verdict", known: 2 });
  const verdict = evaluation.safeParse(parsed);
  if (verdict.success) return { bytes, verdict: verdict.data };
  const issue = verdictFile.safeParse(parsed).error?.issues[0];
  throw new HarnessError("usage", `${path} is not a verdict: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`, {
    hint: "Name a verdict.json that `peakproof compare` or `campaign` wrote, unchanged.",
    cause: verdict.error,
  });
}

function jsonOrNull(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return null;
  }
}
