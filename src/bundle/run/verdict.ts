import { z } from "zod";

import type { Evaluation } from "../../domain/judgement/evaluation.ts";
import { readJsonFile } from "../../files/json-file.ts";

/** These fields of the policy must be present, because the policy is used to recompute the verdict. */
const policy = z.looseObject({
  alpha: z.number(),
  equivalenceAlpha: z.number(),
  resamples: z.number(),
  minimumBlocks: z.number(),
  blockMs: z.number().positive(),
  indicators: z.record(z.string(), z.looseObject({})),
});

/** The fields that identify a verdict. The other fields were written by peakproof and are not checked. */
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

/** The content stays as it was written, so that the same bytes can be written again. */
const evaluation = z.custom<Evaluation>().superRefine((value, context) => {
  for (const { path, message } of verdictFile.safeParse(value).error?.issues ?? []) {
    context.addIssue({ code: "custom", path: [...path], message });
  }
});

/** StoredVerdict is a verdict and the exact bytes from which it was read. */
export interface StoredVerdict {
  readonly bytes: Buffer;
  readonly verdict: Evaluation;
}

/** readVerdict reads a stored verdict. */
export async function readVerdict(path: string): Promise<StoredVerdict> {
  const { bytes, content } = await readJsonFile(path, {
    what: "verdict",
    known: 2,
    schema: evaluation,
    unreadable: {
      message: () => `there is no readable verdict at ${path}`,
      hint: "Name a verdict.json that `peakproof compare` or `campaign` wrote.",
    },
    notValid: {
      message: (_, issue) => `${path} is not a verdict: ${issue}`,
      hint: "Name a verdict.json that `peakproof compare` or `campaign` wrote, unchanged.",
    },
  });
  return { bytes, verdict: content };
}
