import { join } from "node:path";

/** BundlePaths are the paths of a run bundle's files. */
export interface BundlePaths {
  readonly folder: string;
  readonly manifest: string;
  readonly samples: string;
  readonly readings: string;
  /** Readings during the run; converted to `readings` when the run ends. */
  readonly readingsPart: string;
  readonly events: string;
  readonly created: string;
  readonly verdict: string;
  readonly k6Folder: string;
  readonly k6Csv: string;
  readonly k6Summary: string;
}

/** bundlePaths are the paths of the bundle in `folder`. */
export function bundlePaths(folder: string): BundlePaths {
  const k6Folder = join(folder, "k6");
  return {
    folder,
    manifest: join(folder, "run.json"),
    samples: join(folder, "samples.parquet"),
    readings: join(folder, "readings.parquet"),
    readingsPart: join(folder, "readings.ndjson.part"),
    events: join(folder, "events.ndjson"),
    created: join(folder, "created.ndjson"),
    verdict: join(folder, "verdict.json"),
    k6Folder,
    k6Csv: join(k6Folder, "samples.csv"),
    k6Summary: join(k6Folder, "summary.json"),
  };
}
