import type { RunManifest } from "../../domain/run.ts";
import type { BundlePaths } from "./bundle-paths.ts";
import { withDatabase } from "../files/database.ts";
import { writeManifest } from "./manifest.ts";
import { loadOwnSamples, writeSamples } from "./own-samples.ts";
import { readingsRelation, writeReadings } from "./readings-file.ts";
import { countSamples, readK6Summary } from "./run-counts.ts";
import type { PlannedVolume } from "./volumes.ts";
import { measureVolumes } from "./volumes.ts";

/** closeBundle writes the Parquet files of a run that has ended, counts what is in them, and writes the final manifest. */
export async function closeBundle(
  paths: BundlePaths,
  ended: RunManifest,
  planned: readonly PlannedVolume[] | null,
): Promise<RunManifest> {
  return withDatabase(async (database) => {
    await loadOwnSamples(database, paths, "samples");
    await writeSamples(database, paths, "samples");
    await writeReadings(database, paths);
    const counts = await countSamples(database, { samples: "samples", readings: readingsRelation(paths) });
    const window = { fromMs: ended.loadStartMs + ended.warmupMs, toMs: ended.loadEndMs };
    const manifest: RunManifest = {
      ...ended,
      counts: { ...counts, summary: await readK6Summary(paths.k6Summary) },
      volumes: await measureVolumes(database, { samples: "samples", planned, ...window }),
    };
    await writeManifest(paths.folder, manifest);
    return manifest;
  });
}
