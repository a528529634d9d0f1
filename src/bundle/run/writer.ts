import { closeSync, existsSync, openSync, writeSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";

import { HarnessError } from "../../domain/error.ts";
import type { LedgerRecord } from "../../domain/load/ledger.ts";
import type { RunManifest } from "../../domain/load/run.ts";
import type { Reading } from "../../domain/reading.ts";
import { withDatabase } from "../duckdb/database.ts";
import { sql } from "../duckdb/sql.ts";
import type { BundleEvent } from "./events.ts";
import { amendManifest, readManifest, writeManifest } from "./manifest.ts";
import { type BundlePaths, bundlePaths } from "./paths.ts";
import { countReadings, writeReadings } from "./readings.ts";
import { countSamples, loadOwnSamples, measureLoadStart, measureVolumes, type PlannedVolume, readK6Summary } from "./samples.ts";

/** RunStart is the part of the manifest that is known when a run starts. */
export type RunStart = Omit<
  RunManifest,
  "schemaVersion" | "status" | "statusReason" | "loadEndMs" | "volumes" | "counts" | "probes" | "invariants"
>;

/**
 * RunEnd is the part that is known when the run has ended. Fields of RunStart may be corrected, such as the start of the load.
 */
export interface RunEnd
  extends Pick<RunManifest, "status" | "statusReason" | "loadEndMs" | "probes" | "invariants">, Partial<RunStart> {
  /** Planned for [loadStartMs + warmupMs, loadEndMs); null where there was no plan. */
  readonly planned: readonly PlannedVolume[] | null;
}

/** RunEnding is the end of a run, or a function of the start of the load (epoch milliseconds; null where nothing was sent). */
type RunEnding = RunEnd | ((loadStartMs: number | null) => RunEnd);

/** BundleWriter writes the files of a run. When a call returns, its lines have been passed to the operating system. */
export interface BundleWriter {
  readonly paths: BundlePaths;
  appendReadings(readings: readonly Reading[]): void;
  appendEvent(event: BundleEvent): void;
  appendRecord(record: LedgerRecord): void;
  /** Converts the raw files to Parquet, counts their rows and writes the final `run.json`. */
  finish(ending: RunEnding): Promise<RunManifest>;
}

/**
 * createBundle makes the folder of a run. Its `run.json` has the status `aborted` until `finish` was called, so a harness that is
 * killed leaves a bundle that can be read and cannot pass.
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
    finish: async (ending) => {
      for (const file of files.splice(0)) if (file !== undefined) closeSync(file);
      const manifest = await closeBundle(paths, begun, ending);
      await rm(paths.readingsPart, { force: true });
      return manifest;
    },
  };
}

function append(file: number | undefined, items: readonly unknown[]): void {
  if (file === undefined || items.length === 0) return;
  writeSync(file, items.map((item) => `${JSON.stringify(item)}\n`).join(""));
}

/** closeBundle writes the Parquet files of a run that has ended, counts their rows, and writes the final manifest. */
async function closeBundle(paths: BundlePaths, begun: RunManifest, ending: RunEnding): Promise<RunManifest> {
  return withDatabase(async (database) => {
    const samples = await loadOwnSamples(database, paths);
    const end = typeof ending === "function" ? ending(await measureLoadStart(database, samples)) : ending;
    const { planned, ...fields } = end;
    const ended: RunManifest = { ...begun, ...fields };
    await database.writeParquet(paths.samples, sql`from ${samples}`);
    await writeReadings(database, paths);
    const counts = { ...(await countSamples(database, samples)), readings: await countReadings(database, paths) };
    const window = { fromMs: ended.loadStartMs + ended.warmupMs, toMs: ended.loadEndMs };
    const manifest: RunManifest = {
      ...ended,
      counts: { ...counts, summary: await readK6Summary(paths.k6Summary) },
      volumes: await measureVolumes(database, samples, { planned, ...window }),
    };
    await writeManifest(paths.folder, manifest);
    return manifest;
  });
}

/** FailedRun is a run of a campaign that ended with an error. */
export type FailedRun = Pick<RunManifest, "runId" | "seed" | "round"> & {
  /** A run of the same arms, from which the manifest takes the planned settings. */
  readonly earlier: RunManifest;
  /** The error, in one sentence. */
  readonly reason: string;
};

/**
 * recordFailedRun leaves a bundle of a run that ended with an error: the bundle that the run had begun, else one without samples.
 * Every later judgement of the campaign then shows that the run was tried and why it measured nothing.
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
