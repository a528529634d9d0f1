import { z } from "zod";

import { sha256OfFile } from "../../bundle/run/inputs.ts";
import { readManifest } from "../../bundle/run/manifest.ts";
import { bundlePaths } from "../../bundle/run/paths.ts";
import { HarnessError } from "../../domain/error.ts";
import type { ScenarioLoad } from "../../domain/load/plan.ts";
import type { RunManifest, Schedule } from "../../domain/load/run.ts";
import type { Release } from "../../domain/target/release.ts";

/** EqualRun is one bundle of a calibration. */
export interface EqualRun {
  readonly folder: string;
  readonly runId: string;
  readonly sha256: string;
  readonly startMs: number;
}

/** EqualRunsFound are bundles of one release on one target under one load, in the order of time. */
export interface EqualRunsFound {
  /** `both`: each bundle holds the release in both arms. */
  readonly arms: "both" | "one";
  readonly target: string;
  readonly release: string;
  readonly schedule: Schedule["kind"];
  readonly scenarios: Readonly<Record<string, ScenarioLoad>> | null;
  readonly loadMs: number;
  readonly runs: readonly EqualRun[];
  /** Bundles from which nothing can be learned, with the reason. */
  readonly leftOut: readonly string[];
}

/** openEqualRuns reads the manifests, and refuses bundles that differ in something that must be equal. */
export async function openEqualRuns(folders: readonly string[]): Promise<EqualRunsFound> {
  const all: { folder: string; manifest: RunManifest }[] = [];
  for (const folder of folders) {
    const manifest = await readManifest(folder);
    const twin = all.find((other) => other.manifest.runId === manifest.runId);
    if (twin !== undefined) {
      throw new HarnessError("usage", `${folder} is the same run as ${twin.folder} (${manifest.runId})`, {
        hint: "Name each run once: a run that counts twice makes the noise appear smaller than it is.",
      });
    }
    all.push({ folder, manifest });
  }
  all.sort((a, b) => a.manifest.loadStartMs - b.manifest.loadStartMs);
  const [first] = all;
  if (first === undefined) throw new HarnessError("usage", "there are no bundles to learn from", { hint: "Name run bundles." });
  for (const other of all) requireEqual(first, other);
  const leftOut = new Map<string, string>();
  const campaigns = new Set<string>();
  for (const { folder, manifest } of all) {
    const reason = flawOf(manifest, campaigns);
    if (reason !== null) leftOut.set(folder, `${folder}: ${reason}`);
  }
  const used = all.filter(({ folder }) => !leftOut.has(folder));
  const runs: EqualRun[] = [];
  for (const { folder, manifest } of used) {
    const sha256 = await sha256OfFile(bundlePaths(folder).manifest);
    runs.push({ folder, runId: manifest.runId, sha256, startMs: manifest.loadStartMs });
  }
  const { manifest } = first;
  return {
    arms: manifest.arms.length === 2 ? "both" : "one",
    target: manifest.target,
    release: releaseOf(manifest)?.label ?? manifest.runId,
    schedule: manifest.arms.length === 2 ? manifest.schedule.kind : "sequential",
    scenarios: scenariosOfRun(manifest),
    loadMs: used.reduce((total, run) => total + measuredLoadMs(run.manifest), 0) / Math.max(1, used.length),
    runs,
    leftOut: [...leftOut.values()],
  };
}

interface Named {
  readonly folder: string;
  readonly manifest: RunManifest;
}

/** The longest run may be half longer than the shortest, because the learned noise holds for about one length of load. */
const mostLengths = 1.5;

function requireEqual(first: Named, other: Named): void {
  const refuse = (what: string, hint: string) => {
    throw new HarnessError("usage", `${other.folder} ${what}`, { hint });
  };
  const { baseline, candidate } = other.manifest.releases;
  if (other.manifest.arms.length === 2 && identity(baseline) !== identity(candidate)) {
    refuse(
      `compares ${baseline?.label ?? "?"} with ${candidate?.label ?? "?"}, which are two releases instead of one`,
      "Calibrate from runs of the same release in both arms: peakproof calibrate --release RELEASE.",
    );
  }
  for (const [name, read] of Object.entries(equal)) {
    const [here, there] = [read(other.manifest), read(first.manifest)];
    if (here === there) continue;
    refuse(`has ${name} ${here}; ${first.folder} has ${there}`, `Calibrate from runs that have the same ${name}.`);
  }
  const loads = [measuredLoadMs(first.manifest), measuredLoadMs(other.manifest)];
  const whole = first.manifest.status === other.manifest.status;
  if (whole && Math.max(...loads) > mostLengths * Math.min(...loads)) {
    refuse(
      `measured ${seconds(loads[1])} of load; ${first.folder} measured ${seconds(loads[0])}`,
      "Calibrate from runs of about one length.",
    );
  }
}

const equal: Readonly<Record<string, (manifest: RunManifest) => string>> = {
  target: ({ target }) => target,
  arms: ({ arms }) => (arms.length === 2 ? "both" : "one"),
  schedule: ({ arms, schedule }) => (arms.length === 2 ? schedule.kind : "sequential"),
  load: (manifest) => describeScenarios(scenariosOfRun(manifest)),
  release: (manifest) => identity(releaseOf(manifest)),
};

function releaseOf({ releases }: RunManifest): Release | undefined {
  return releases.baseline ?? releases.candidate;
}

/** The git revision of the project may change while the release stays the same. */
function identity(release: Release | undefined): string {
  if (release === undefined) return "unknown";
  const facts = Object.entries(release.identity)
    .filter(([name]) => name !== "gitRevision")
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return [release.label, ...facts.map(([name, value]) => `${name} ${value}`)].join(", ");
}

function flawOf(manifest: RunManifest, campaigns: Set<string>): string | null {
  const { status, statusReason, arms, round } = manifest;
  if (status !== "complete" && status !== "imported") return `the run did not complete: ${statusReason ?? status}`;
  if (arms.length < 2 || round === undefined) return null;
  if (campaigns.has(round.campaign)) return `round ${round.number} of ${round.campaign} used the servers of an earlier round`;
  campaigns.add(round.campaign);
  return null;
}

/** seconds writes a duration in whole seconds. */
export function seconds(ms: number | undefined): string {
  return `${Math.round((ms ?? 0) / 1000)} s`;
}

const workload = z.looseObject({
  scenarios: z.record(z.string(), z.object({ perMinute: z.number(), size: z.number() })),
});

type Scenarios = Readonly<Record<string, ScenarioLoad>> | null;

/** scenariosOfRun are the rates and sizes of a run's load, sorted by name; null where the bundle lacks them. */
export function scenariosOfRun(manifest: RunManifest): Scenarios {
  const parsed = workload.safeParse(manifest.workload);
  if (!parsed.success) return null;
  const names = Object.keys(parsed.data.scenarios).sort();
  return Object.fromEntries(
    names.flatMap((name) => {
      const load = parsed.data.scenarios[name];
      return load === undefined ? [] : [[name, { perMinute: load.perMinute, size: load.size }]];
    }),
  );
}

/** describeScenarios describes a load in words. Equal loads have equal descriptions. */
function describeScenarios(scenarios: Scenarios): string {
  if (scenarios === null) return "an unknown load (imported)";
  return Object.keys(scenarios)
    .sort()
    .map((name) => `${name} ${describeLoad(scenarios[name])}`)
    .join(", ");
}

/** loadDifference names the scenarios in which two loads differ, `left` first; null where the loads are the same. */
export function loadDifference(left: Scenarios, right: Scenarios): string | null {
  if (left === null || right === null) {
    return left === right ? null : `${describeScenarios(left)} against ${describeScenarios(right)}`;
  }
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort();
  const differing = names.filter((name) => describeLoad(left[name]) !== describeLoad(right[name]));
  if (differing.length === 0) return null;
  return differing.map((name) => `${name} ${describeLoad(left[name])} against ${describeLoad(right[name])}`).join(", ");
}

function describeLoad(load: ScenarioLoad | undefined): string {
  return load === undefined ? "none" : `${load.perMinute} per minute of size ${load.size}`;
}

/** measuredLoadMs is the load of a run without its warm-up. */
export function measuredLoadMs({ loadStartMs, loadEndMs, warmupMs }: RunManifest): number {
  return Math.max(0, loadEndMs - loadStartMs - warmupMs);
}
