import { existsSync, statSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { basename } from "node:path";

import type { Arm } from "../../domain/arm.ts";
import { HarnessError } from "../../domain/error.ts";
import type { RunCounts, RunManifest, ServiceVolume } from "../../domain/load/run.ts";
import { type Database, withDatabase } from "../duckdb/database.ts";
import { openResultFile, type SampleFile, type SummaryFile } from "../k6/result-file.ts";
import { sha256OfFile } from "../run/inputs.ts";
import { writeManifest } from "../run/manifest.ts";
import { type BundlePaths, bundlePaths } from "../run/paths.ts";
import { countReadings, writeReadings } from "../run/readings.ts";
import { readK6Summary } from "../run/samples.ts";
import { importOdooLogs, type OdooLog } from "./odoo-log.ts";
import { type ArmTag, loadImportedRequests } from "./requests.ts";
import { countImported, importedVolumes, type WantedTime, writeImportedSamples } from "./samples.ts";

/** ImportOptions name the results of a foreign k6 script that become a bundle, and the meaning of their tags. */
export interface ImportOptions {
  /** k6 CSV or NDJSON, plain or gzip, one for each k6 process; and at most one summary JSON. */
  readonly files: readonly string[];
  /** Folder of the new bundle. */
  readonly out: string;
  readonly runId: string;
  readonly target: string;
  /** Tag that names the step of a request. */
  readonly stepTag: string;
  /** The tag that names the arm where the files hold both arms, else the arm that the files hold. */
  readonly arms: ArmTag | Arm;
  readonly odooLogs: readonly OdooLog[];
  readonly range: WantedTime;
  readonly warmupMs: number;
  readonly labels: Readonly<Record<Arm, string>>;
}

/** importFiles makes a run bundle from the results of a foreign k6 script. The folder of the bundle is removed on failure. */
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

/** The bundle of a summary without samples holds the counts alone, so nothing in it can be judged. */
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
  const requests = await loadImportedRequests(database, files, { stepTag, armTag: typeof arms === "string" ? null : arms });
  const period = await writeImportedSamples(database, requests, { path: paths.samples, wanted: options.range });
  await importOdooLogs(options.odooLogs, period, paths.readingsPart);
  await writeReadings(database, paths);
  await rm(paths.readingsPart, { force: true });
  const readings = await countReadings(database, paths);
  const counts = { ...(await countImported(database, requests, paths.samples)), readings, summary: null };
  return { ...period, counts, volumes: await importedVolumes(database, requests) };
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

/** requireLogArms requires an arm for each Odoo log where the samples hold two arms, and none where they hold one. */
function requireLogArms(logs: readonly OdooLog[], arms: ArmTag | string): void {
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

/** requireOneSummary separates samples from the summary, and refuses a second summary: a run has one. */
function requireOneSummary(opened: readonly (SampleFile | SummaryFile)[]): {
  samples: SampleFile[];
  summary: SummaryFile | null;
} {
  const summaries = opened.filter((file) => file.kind === "summary");
  if (summaries[1] !== undefined) {
    throw new HarnessError("usage", `${summaries[1].path}: a second summary beside ${summaries[0]?.path ?? ""}`, {
      hint: "Name the summary of one run only. Several k6 processes have one summary each, so leave these out.",
    });
  }
  return { samples: opened.filter((file) => file.kind !== "summary"), summary: summaries[0] ?? null };
}

/** requireDifferent refuses two files of the same content, whatever their names. */
async function requireDifferent(files: readonly SampleFile[]): Promise<void> {
  const seen = new Map<string, string>();
  for (const file of files) {
    const size = String(statSync(file.path).size);
    // Files of different sizes differ, so only files of equal size are hashed: hashing a large file takes time.
    const alike = files.some((other) => other !== file && statSync(other.path).size === Number(size));
    const key = alike ? await sha256OfFile(file.path) : `${size} bytes`;
    const twin = seen.get(key);
    if (twin !== undefined) {
      throw new HarnessError("usage", `${file.path}:1: the same k6 instance as ${twin}: the files are equal`, {
        hint: "Name every file once: samples that count twice overstate the evidence.",
      });
    }
    seen.set(key, file.path);
  }
}

/** readSummary reads the counts of a summary that the user named. A file that cannot be read is an error here. */
async function readSummary(summary: SummaryFile): Promise<NonNullable<RunCounts["summary"]>> {
  const counts = await readK6Summary(summary.path);
  if (counts !== null) return counts;
  throw new HarnessError("usage", `${summary.path}:1: neither samples nor a summary of k6`, {
    hint: "Name a file of k6 from --out csv, --out json, --summary-export or handleSummary.",
  });
}
