import { existsSync, statSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { basename } from "node:path";

import type { Arm } from "../../domain/arm.ts";
import { HarnessError } from "../../domain/error.ts";
import type { RunCounts, RunManifest, ServiceVolume } from "../../domain/load/run.ts";
import { type Database, withDatabase } from "../files/database.ts";
import { requireWhole } from "../k6/file-faults.ts";
import { openResultFile, type SampleFile, type SummaryFile } from "../k6/result-file.ts";
import { sha256OfFile } from "../run/inputs.ts";
import { writeManifest } from "../run/manifest.ts";
import { type BundlePaths, bundlePaths } from "../run/paths.ts";
import { readingsRelation, writeReadings } from "../run/readings.ts";
import { countReadings, readK6Summary } from "../run/samples.ts";
import { importOdooLogs, type OdooLog } from "./odoo-log.ts";
import { type ArmTag, createRequests, instanceOf, loadRequests, nameSteps, requireArms, requireOutcomes } from "./requests.ts";
import { countImported, importedVolumes, requireInstances, type TimeRange, writeImportedSamples } from "./samples.ts";

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
