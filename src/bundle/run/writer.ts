import { closeSync, existsSync, openSync, writeSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";

import { HarnessError } from "../../domain/error.ts";
import type { LedgerRecord } from "../../domain/load/ledger.ts";
import type { RunManifest } from "../../domain/load/run.ts";
import type { Reading } from "../../domain/reading.ts";
import { withDatabase } from "../files/database.ts";
import type { BundleEvent } from "./events.ts";
import { amendManifest, readManifest, writeManifest } from "./manifest.ts";
import { type BundlePaths, bundlePaths } from "./paths.ts";
import { readingsRelation, writeReadings } from "./readings.ts";
import { countSamples, loadOwnSamples, measureVolumes, type PlannedVolume, readK6Summary, writeSamples } from "./samples.ts";

/** What is known of a run when it starts. */
export type RunStart = Omit<
  RunManifest,
  "schemaVersion" | "status" | "statusReason" | "loadEndMs" | "volumes" | "counts" | "probes" | "invariants"
>;

/** What is known when it has ended; fields of the start may be corrected, such as when the load really began. */
export interface RunEnd
  extends Pick<RunManifest, "status" | "statusReason" | "loadEndMs" | "probes" | "invariants">, Partial<RunStart> {
  /** Planned for [loadStartMs + warmupMs, loadEndMs); null where there was no plan. */
  readonly planned: readonly PlannedVolume[] | null;
}

/** BundleWriter takes what a run leaves. Every line is on its way to the disk when a call returns. */
export interface BundleWriter {
  readonly paths: BundlePaths;
  appendReadings(readings: readonly Reading[]): void;
  appendEvent(event: BundleEvent): void;
  appendRecord(record: LedgerRecord): void;
  /** Turns the raw files into Parquet, counts them and writes the final `run.json`. */
  finish(end: RunEnd): Promise<RunManifest>;
}

/**
 * createBundle makes the folder of a run. Its `run.json` says `aborted` until `finish` was called, so that a harness that was
 * killed leaves a bundle that is readable and cannot pass.
 */
export async function createBundle(folder: string, start: RunStart): Promise<BundleWriter> {
  const paths = bundlePaths(folder);
  if (existsSync(paths.manifest)) {
    throw new HarnessError("usage", `${folder} already holds a run bundle`, {
      hint: "Name another folder: bundles are never overwritten.",
    });
  }
  await mkdir(paths.k6Folder, { recursive: true });
  const begun: RunManifest = {
    schemaVersion: 1,
    status: "aborted",
    statusReason: "the run did not end",
    ...start,
    loadEndMs: start.loadStartMs,
    volumes: [],
    counts: { samples: 0, readings: 0, iterations: 0, httpRequests: 0, dropped: 0, summary: null },
    probes: [],
    invariants: [],
  };
  await writeManifest(folder, begun);
  const [readings, events, created] = [paths.readingsPart, paths.events, paths.created].map((path) => openSync(path, "a"));
  const files = [readings, events, created];
  return {
    paths,
    appendReadings: (list) => append(readings, list),
    appendEvent: (event) => append(events, [event]),
    appendRecord: (record) => append(created, [record]),
    finish: async (end) => {
      for (const file of files.splice(0)) if (file !== undefined) closeSync(file);
      const { planned, ...fields } = end;
      const manifest = await closeBundle(paths, { ...begun, ...fields }, planned);
      await rm(paths.readingsPart, { force: true });
      return manifest;
    },
  };
}

function append(file: number | undefined, items: readonly unknown[]): void {
  if (file === undefined || items.length === 0) return;
  writeSync(file, items.map((item) => `${JSON.stringify(item)}\n`).join(""));
}

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

/** FailedRun is a run of a campaign that an error ended; `earlier` is one of the same arms that says what it was to be. */
export type FailedRun = Pick<RunManifest, "runId" | "seed" | "round"> & {
  readonly earlier: RunManifest;
  /** What the error says, in one sentence. */
  readonly reason: string;
};

/**
 * recordFailedRun leaves a bundle of a run that an error ended: what it had written by then, else one without samples. Whoever judges
 * the campaign, now or later, then sees that the run was tried, and why it tells nothing.
 */
export async function recordFailedRun(folder: string, run: FailedRun): Promise<RunManifest> {
  const { earlier, reason, ...own } = run;
  const ended = { status: "failed", statusReason: reason } as const;
  if (await hasBegun(folder, run)) return amendManifest(folder, ended);
  const loadStartMs = Date.now();
  const bundle = await createBundle(folder, { ...earlier, ...own, loadStartMs });
  return bundle.finish({ ...ended, loadEndMs: loadStartMs, probes: [], invariants: [], planned: null });
}

async function hasBegun(folder: string, { runId }: FailedRun): Promise<boolean> {
  return existsSync(bundlePaths(folder).manifest) && (await readManifest(folder)).runId === runId;
}
