import type { ComparedRun } from "../../bundle/run/compared-runs.ts";
import type { Arm, PerArm } from "../../domain/arm.ts";
import type { RunManifest, ServiceVolume } from "../../domain/load/run.ts";
import type { Release } from "../../domain/target/release.ts";

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

/**
 * looksOf counts how many times the judge had looked at a campaign when these runs were its newest; null where they are of no
 * adaptive campaign. Leaving rounds out does not give their share of alpha back.
 */
export function looksOf(runs: readonly ComparedRun[]): number | null {
  const looks = runs.flatMap(({ manifest: { round } }) => (round === undefined ? [] : [round.number - round.firstLook + 1]));
  return looks.length === 0 ? null : Math.max(1, ...looks);
}

/**
 * runsOfFirstLook are the runs that the first look saw: all of them where there were no rounds. What may gate follows their plan,
 * so that the gates are the same at every look.
 */
export function runsOfFirstLook(runs: readonly ComparedRun[]): readonly ComparedRun[] {
  const first = runs.filter(({ manifest: { round } }) => round === undefined || round.number <= round.firstLook);
  return first.length === 0 ? runs.slice(0, 1) : first;
}
