import type { Arm, PerArm } from "../../domain/arm.ts";
import type { Release } from "../../domain/release.ts";
import type { RunManifest, ServiceVolume } from "../../domain/run.ts";
import type { ComparedRun } from "./compared-runs.ts";

/** comparedReleases says which release stood on which side. */
export function comparedReleases(runs: readonly ComparedRun[]): PerArm<Release> {
  return { baseline: releaseOf(runs, "baseline"), candidate: releaseOf(runs, "candidate") };
}

function releaseOf(runs: readonly ComparedRun[], side: Arm): Release {
  const run = runs.find((one) => one.side === null || one.side === side);
  const unknown: Release = { label: side, identity: {} };
  if (run === undefined) return unknown;
  if (run.side === null) return run.manifest.releases[side] ?? unknown;
  const { manifest } = run;
  return armsRelease(manifest) ?? { ...unknown, label: manifest.runId };
}

/** A run of one arm speaks for the side that it was named for, whatever arm it ran as. */
function armsRelease({ arms, releases }: RunManifest): Release | null {
  const [arm] = arms;
  return (arm === undefined ? undefined : releases[arm]) ?? releases.baseline ?? releases.candidate ?? null;
}

/** sumVolumes adds up the volumes of several runs by scenario. */
export function sumVolumes(runs: readonly ComparedRun[]): ServiceVolume[] {
  const sums = new Map<string, ServiceVolume>();
  for (const volume of runs.flatMap(({ manifest }) => manifest.volumes)) {
    const before = sums.get(volume.scenario);
    sums.set(volume.scenario, before === undefined ? volume : add(before, volume));
  }
  return [...sums.values()].sort((a, b) => (a.scenario < b.scenario ? -1 : 1));
}

function add(left: ServiceVolume, right: ServiceVolume): ServiceVolume {
  return {
    ...left,
    planned: left.planned === null || right.planned === null ? null : left.planned + right.planned,
    achieved: left.achieved + right.achieved,
    failed: left.failed + right.failed,
    dropped: left.dropped + right.dropped,
    interrupted: left.interrupted + right.interrupted,
  };
}
