import type { ValidityFact } from "../../domain/evidence.ts";
import type { ComparedRun } from "../evidence/compared-runs.ts";
import type { Database } from "../files/database.ts";
import { number } from "../files/database.ts";

/**
 * bundleLoss compares what a finished bundle holds with what it held when it was closed: a file that was lost since must not make
 * its indicators disappear. Needs the tables `samples` and `readings`.
 */
export async function bundleLoss(database: Database, runs: readonly ComparedRun[]): Promise<ValidityFact[]> {
  const facts: ValidityFact[] = [];
  for (const table of ["samples", "readings"] as const) {
    const rows = await database.rows(`select run::DOUBLE as run, count(*)::DOUBLE as rows from ${table} group by run`, {
      run: number,
      rows: number,
    });
    for (const { index, manifest } of runs) {
      if (manifest.status !== "complete" && manifest.status !== "imported") continue;
      const held = rows.find(({ run }) => run === index)?.rows ?? 0;
      if (held === manifest.counts[table]) continue;
      facts.push({
        code: `${table}-missing`,
        severity: "invalid",
        text: `${manifest.runId}: the bundle holds ${held} ${table}, and held ${manifest.counts[table]} when the run ended`,
        remedy: `Put ${table}.parquet back from a copy of the bundle, or run again.`,
      });
    }
  }
  return facts;
}
