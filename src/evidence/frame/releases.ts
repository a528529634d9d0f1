import type { ComparedRun } from "../../bundle/run/compared-runs.ts";
import type { Arm, PerArm } from "../../domain/arm.ts";
import type { RunManifest, ServiceVolume } from "../../domain/load/run.ts";
import type { Release } from "../../domain/target/release.ts";

/** comparedReleases is the release of each arm. */
export function comparedReleases(runs: readonly ComparedRun[]): PerArm<Release> {
  return { baseline: releaseOf(runs, "baseline"), candidate: releaseOf(runs, "candidate") };
}

function releaseOf(runs: readonly ComparedRun[], arm: Arm): Release {
  const run = runs.find((one) => one.arm === null || one.arm === arm);
  const unknown: Release = { label: arm, identity: {} };
  if (run === undefined) return unknown;
  if (run.arm === null) return run.manifest.releases[arm] ?? unknown;
  const { manifest } = run;
  return armsRelease(manifest) ?? { ...unknown, label: manifest.runId };
}

/** A run of one arm counts for the arm for which it was named on the command line, even if it ran as the other arm. */
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

/**
 * looksOf is the number of looks that the judge had taken at a campaign when these runs were its newest; null where the runs
 * belong to no adaptive campaign. Leaving rounds out does not give their share of alpha back.
 */
export function looksOf(runs: readonly ComparedRun[]): number | null {
  const looks = runs.flatMap(({ manifest: { round } }) => (round === undefined ? [] : [round.number - round.firstLook + 1]));
  return looks.length === 0 ? null : Math.max(1, ...looks);
}

/**
 * runsOfFirstLook are the runs of the first look: all runs where there were no rounds. The gates are chosen by the plan of these
 * runs, so they are the same at every look.
 */
export function runsOfFirstLook(runs: readonly ComparedRun[]): readonly ComparedRun[] {
  const first = runs.filter(({ manifest: { round } }) => round === undefined || round.number <= round.firstLook);
  return first.length === 0 ? runs.slice(0, 1) : first;
}
