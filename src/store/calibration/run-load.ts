import { z } from "zod";

import type { RunManifest } from "../../domain/run.ts";
import type { ScenarioLoad } from "../../domain/workload.ts";

const workload = z.looseObject({
  scenarios: z.record(z.string(), z.object({ perMinute: z.number(), size: z.number() })),
});

type Scenarios = Readonly<Record<string, ScenarioLoad>> | null;

/** scenariosOfRun are rates and sizes of a run's load, in the order of their names; null where the bundle does not say them. */
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

/** describeScenarios says a load in words, equal for equal loads. */
export function describeScenarios(scenarios: Scenarios): string {
  if (scenarios === null) return "an unknown load (imported)";
  return Object.keys(scenarios)
    .sort()
    .map((name) => `${name} ${describeLoad(scenarios[name])}`)
    .join(", ");
}

/** loadDifference names the scenarios in which two loads differ, `left` first; null where they are the same. */
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
