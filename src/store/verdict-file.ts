import { readFile } from "node:fs/promises";

import { z } from "zod";

import { HarnessError } from "../domain/error.ts";
import type { Evaluation } from "../domain/evaluation.ts";
import { writeFileAtomic } from "./atomic-file.ts";

/** What tells a verdict from any other JSON. The rest was written by the same program and is not checked field by field. */
const verdictFile = z.looseObject({
  schemaVersion: z.literal(1),
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
  inputs: z.array(z.looseObject({ path: z.string(), sha256: z.string() })),
  timeline: z.looseObject({ series: z.array(z.looseObject({})) }),
});

const evaluation = z.custom<Evaluation>((value) => verdictFile.safeParse(value).success);

/** writeVerdict stores a verdict as the JSON of the contract. The same verdict gives the same bytes. */
export async function writeVerdict(path: string, verdict: Evaluation): Promise<void> {
  await writeFileAtomic(path, verdictJson(verdict));
}

/** verdictJson is the text of a stored verdict. */
function verdictJson(verdict: Evaluation): string {
  return `${JSON.stringify(verdict, null, 2)}\n`;
}

/** readVerdict reads a verdict that was stored. */
export async function readVerdict(path: string): Promise<Evaluation> {
  const raw = await readFile(path, "utf8").catch((error: unknown) => {
    throw new HarnessError("usage", `there is no readable verdict at ${path}`, {
      hint: "Name a verdict.json that `peakproof compare` or `campaign` wrote.",
      cause: error,
    });
  });
  const parsed = jsonOrNull(raw);
  const version = z.looseObject({ schemaVersion: z.number() }).safeParse(parsed);
  if (version.success && version.data.schemaVersion > 1) {
    throw new HarnessError(
      "usage",
      `${path}: schemaVersion ${version.data.schemaVersion} is newer than this peakproof knows (1)`,
      {
        hint: "Read the verdict with the version of peakproof that wrote it, or a later one.",
      },
    );
  }
  const verdict = evaluation.safeParse(parsed);
  if (verdict.success) return verdict.data;
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
