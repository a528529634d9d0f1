import { existsSync } from "node:fs";

import { HarnessError } from "../../domain/error.ts";
import type { ComparedRun } from "../evidence/compared-runs.ts";
import { sqlPath, withDatabase } from "../files/database.ts";
import { explainFault } from "../files/file-faults.ts";
import { openResultFile } from "./sample-file.ts";

/**
 * explainBundleFault turns a failure to read bundles into one that names the broken file, where there is one. It is looked for
 * only now: reading every file twice while all is well would double the work.
 */
export async function explainBundleFault(runs: readonly ComparedRun[], error: unknown): Promise<unknown> {
  if (error instanceof HarnessError) return error;
  for (const { paths } of runs) {
    for (const path of [paths.samples, paths.readings].filter((file) => existsSync(file))) {
      const fault = await parquetFault(path);
      if (fault !== null) return fault;
    }
    if (!existsSync(paths.samples) && existsSync(paths.k6Csv)) {
      const file = await openResultFile(paths.k6Csv);
      const explained = file.kind === "summary" ? error : await explainFault(file, error);
      if (explained !== error) return explained;
    }
  }
  return error;
}

async function parquetFault(path: string): Promise<HarnessError | null> {
  try {
    await withDatabase((database) => database.run(`select count(columns(*)) from read_parquet(${sqlPath(path)})`));
    return null;
  } catch (error) {
    return new HarnessError("usage", `${path} is not a whole Parquet file`, {
      hint: "Put the file back from a copy of the bundle, or run or import again.",
      cause: error,
    });
  }
}
