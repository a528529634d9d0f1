import { statSync } from "node:fs";

import { HarnessError } from "../../domain/error.ts";
import type { RunCounts } from "../../domain/run.ts";
import { sha256OfFile } from "../bundle/input-hashes.ts";
import type { OdooLog } from "./import-odoo-log.ts";
import type { ArmTag } from "./import-requests.ts";
import { readK6Summary } from "../bundle/run-counts.ts";
import type { SampleFile, SummaryFile } from "../bundle/sample-file.ts";

/** requireLogArms makes sure that each Odoo log belongs to an arm where there are two, and to none where there is one. */
export function requireLogArms(logs: readonly OdooLog[], arms: ArmTag | string): void {
  const two = typeof arms !== "string";
  const wrong = logs.find(({ arm }) => (arm !== null) !== two);
  if (wrong === undefined) return;
  throw new HarnessError(
    "usage",
    `${wrong.path}: ${two ? "no arm is named for this Odoo log" : "the samples hold one arm, the log names another"}`,
    {
      hint: two ? "Name it as --odoo-log baseline=FILE and --odoo-log candidate=FILE." : "Name it as --odoo-log FILE.",
    },
  );
}

/** requireOneSummary sorts the files; two summaries cannot both be that of one run. */
export function requireOneSummary(opened: readonly (SampleFile | SummaryFile)[]): {
  samples: SampleFile[];
  summary: SummaryFile | null;
} {
  const summaries = opened.filter((file) => file.kind === "summary");
  if (summaries[1] !== undefined) {
    throw new HarnessError("usage", `${summaries[1].path}: a second summary beside ${summaries[0]?.path ?? ""}`, {
      hint: "Name the summary of one run only; several k6 processes have one each, so leave them out.",
    });
  }
  return { samples: opened.filter((file) => file.kind !== "summary"), summary: summaries[0] ?? null };
}

/** requireDifferent makes sure that no file came twice, under whatever name. */
export async function requireDifferent(files: readonly SampleFile[]): Promise<void> {
  const seen = new Map<string, string>();
  for (const file of files) {
    const size = String(statSync(file.path).size);
    // Only files of the same size can be the same: hashing a large one takes time.
    const alike = files.some((other) => other !== file && statSync(other.path).size === Number(size));
    const key = alike ? await sha256OfFile(file.path) : `${size} bytes`;
    const twin = seen.get(key);
    if (twin !== undefined) {
      throw new HarnessError("usage", `${file.path}:1: the same k6 instance as ${twin}: the files are equal`, {
        hint: "Name every file once: samples that count double look like more evidence than there is.",
      });
    }
    seen.set(key, file.path);
  }
}

/** readSummary reads the counts of a summary that was named to be read: here a file that cannot be read is a fault. */
export async function readSummary(summary: SummaryFile): Promise<NonNullable<RunCounts["summary"]>> {
  const counts = await readK6Summary(summary.path);
  if (counts !== null) return counts;
  throw new HarnessError("usage", `${summary.path}:1: neither samples nor a summary of k6`, {
    hint: "Name a file of k6 from --out csv, --out json, --summary-export or handleSummary.",
  });
}
