import { closeSync, existsSync, openSync, writeSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";

import { HarnessError } from "../../domain/error.ts";
import type { LedgerRecord } from "../../domain/ledger.ts";
import type { Reading } from "../../domain/reading.ts";
import type { RunManifest } from "../../domain/run.ts";
import type { BundleEvent } from "./bundle-event.ts";
import type { BundlePaths } from "./bundle-paths.ts";
import { bundlePaths } from "./bundle-paths.ts";
import { closeBundle } from "./close-bundle.ts";
import { writeManifest } from "./manifest.ts";
import type { PlannedVolume } from "./volumes.ts";

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
