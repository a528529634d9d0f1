import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { basename } from "node:path";

import type { Arm } from "../../domain/arm.ts";
import { HarnessError } from "../../domain/error.ts";
import type { RunCounts, RunManifest, ServiceVolume } from "../../domain/run.ts";
import type { BundlePaths } from "../bundle/bundle-paths.ts";
import { bundlePaths } from "../bundle/bundle-paths.ts";
import type { Database } from "../files/database.ts";
import { withDatabase } from "../files/database.ts";
import { requireWhole } from "../files/file-faults.ts";
import { readSummary, requireDifferent, requireLogArms, requireOneSummary } from "./import-checks.ts";
import type { OdooLog } from "./import-odoo-log.ts";
import { importOdooLogs } from "./import-odoo-log.ts";
import type { ArmTag } from "./import-requests.ts";
import { createRequests, instanceOf, loadRequests, requireOutcomes } from "./import-requests.ts";
import type { TimeRange } from "./import-samples.ts";
import { countImported, importedVolumes, requireInstances, writeImportedSamples } from "./import-samples.ts";
import { nameSteps, requireArms } from "./import-steps.ts";
import { writeManifest } from "../bundle/manifest.ts";
import { readingsRelation, writeReadings } from "../bundle/readings-file.ts";
import { countReadings } from "../bundle/run-counts.ts";
import type { SampleFile } from "../bundle/sample-file.ts";
import { openResultFile } from "../bundle/sample-file.ts";

/** ImportOptions say which results of a foreign k6 script become a bundle, and how they are to be understood. */
export interface ImportOptions {
  /** k6 CSV or NDJSON, plain or gzip, one for each k6 process; and at most one summary JSON. */
  readonly files: readonly string[];
  /** Folder of the new bundle. */
  readonly out: string;
  readonly runId: string;
  readonly target: string;
  /** Tag that names the step of a request. */
  readonly stepTag: string;
  /** The arm is a tag where the files hold both arms, or else all of it. */
  readonly arms: ArmTag | Arm;
  readonly odooLogs: readonly OdooLog[];
  readonly range: TimeRange;
  readonly warmupMs: number;
  readonly labels: Readonly<Record<Arm, string>>;
}

/** importFiles makes a run bundle of what a foreign k6 script left. Nothing is left behind where it fails. */
export async function importFiles(options: ImportOptions): Promise<RunManifest> {
  const paths = bundlePaths(options.out);
  if (existsSync(paths.folder)) {
    throw new HarnessError("usage", `${paths.folder} is already there`, { hint: "Name a new folder for the bundle with --out." });
  }
  requireLogArms(options.odooLogs, options.arms);
  const opened = await Promise.all(options.files.map((path) => openResultFile(path)));
  const { samples, summary } = requireOneSummary(opened);
  await requireDifferent(samples);
  await mkdir(paths.k6Folder, { recursive: true });
  try {
    const counted = summary === null ? null : await readSummary(summary);
    const found =
      samples.length === 0 ? nothing : await withDatabase((database) => importSamples(database, samples, paths, options));
    const manifest = describe(options, { ...found, counts: { ...found.counts, summary: counted } });
    await writeManifest(paths.folder, manifest);
    return manifest;
  } catch (error) {
    await rm(paths.folder, { recursive: true, force: true });
    throw error;
  }
}

interface Imported {
  readonly startMs: number;
  readonly endMs: number;
  readonly counts: RunCounts;
  readonly volumes: readonly ServiceVolume[];
}

/** What a summary without samples is worth: its counts, and no judgement of anything. */
const nothing: Imported = {
  startMs: 0,
  endMs: 0,
  counts: { samples: 0, readings: 0, iterations: 0, httpRequests: 0, dropped: 0, summary: null },
  volumes: [],
};

async function importSamples(
  database: Database,
  files: readonly SampleFile[],
  paths: BundlePaths,
  options: ImportOptions,
): Promise<Imported> {
  const { stepTag, arms } = options;
  const armTag = typeof arms === "string" ? null : arms;
  await createRequests(database);
  for (const [index, file] of files.entries()) {
    const own = { index, stepTag, armTag, instance: instanceOf(file, files) };
    await requireWhole(file);
    await loadRequests(database, file, own);
  }
  const names = files.map(({ path }) => path);
  await requireInstances(database, names);
  await requireOutcomes(database, files);
  await nameSteps(database, files, stepTag);
  if (armTag !== null) await requireArms(database, files, armTag);
  const span = await writeImportedSamples(database, paths.samples, options.range);
  await importOdooLogs(options.odooLogs, span, paths.readingsPart);
  await writeReadings(database, paths);
  await rm(paths.readingsPart, { force: true });
  const readings = await countReadings(database, readingsRelation(paths));
  const counts = { ...(await countImported(database, paths.samples)), readings, summary: null };
  return { ...span, counts, volumes: await importedVolumes(database) };
}

function describe(options: ImportOptions, found: Imported): RunManifest {
  const { arms, labels } = options;
  const own: readonly Arm[] = typeof arms === "string" ? [arms] : ["baseline", "candidate"];
  return {
    schemaVersion: 1,
    runId: options.runId,
    status: "imported",
    statusReason: null,
    target: options.target,
    arms: own,
    schedule: typeof arms === "string" ? { kind: "sequential", arm: arms } : { kind: "duet" },
    releases: Object.fromEntries(own.map((arm) => [arm, { label: labels[arm], identity: {} }])),
    workload: null,
    workloadHash: null,
    k6Version: null,
    seed: 0,
    loadStartMs: found.startMs,
    loadEndMs: found.endMs,
    warmupMs: options.warmupMs,
    volumes: found.volumes,
    counts: found.counts,
    probes: [],
    invariants: [],
    settings: { files: options.files.map((path) => basename(path)).join(", "), stepTag: options.stepTag },
  };
}
