import type { Evidence, ValidityFact } from "../domain/judgement/evidence.ts";
import { FEWEST_CALIBRATION_RUNS, type LearnedNoise, type Policy } from "../domain/judgement/policy.ts";
import { evidenceFlaws } from "./evidence-flaws.ts";
import { learnedNoise, type RunMeasurement } from "./learned-noise.ts";
import { measureIndicator } from "./measured-indicator.ts";
import type { UncertainEffect } from "./uncertain-effect.ts";

/** EqualRuns is the evidence of one comparison of a release with itself, and its effects by indicator id. */
export interface EqualRuns {
  readonly evidence: Evidence;
  readonly effects: ReadonlyMap<string, UncertainEffect>;
  /** Why nothing may be learned from it; null where it is sound. */
  readonly flaw: ValidityFact | null;
}

/** measureEqualRuns measures what the judge would, with no noise but that which its own blocks show. */
export function measureEqualRuns(evidence: Evidence, policy: Policy): EqualRuns {
  const silent = { ...evidence, betweenRunSd: Object.fromEntries(evidence.series.map(({ indicator }) => [indicator.id, none])) };
  const measured = silent.series.map((series) => measureIndicator(series, silent, policy));
  const { invalid, unsteady } = evidenceFlaws(silent, measured, policy);
  const flaws = [
    ...evidence.validity.filter(({ severity }) => severity === "invalid" || severity === "unsteady"),
    ...invalid,
    ...unsteady,
  ];
  // Failures are judged by exact tests of counts, which take no spread from elsewhere.
  const usable = measured.filter(({ indicator }) => indicator.source.kind !== "count");
  return {
    evidence,
    effects: new Map(
      usable.flatMap(({ indicator, judged }) => (judged === null ? [] : [[indicator.id, judged.effect] as const])),
    ),
    flaw: flaws[0] ?? null,
  };
}

/** learnFromPairs learns from runs that hold the release in both arms: how far the arms came apart. */
export function learnFromPairs(runs: readonly EqualRuns[]): Record<string, LearnedNoise> {
  return learnAll(runs, "effects", (id) =>
    runs.flatMap(({ effects }) => {
      const effect = effects.get(id);
      return effect === undefined
        ? []
        : [{ scale: effect.scale, value: effect.effect, withinVariance: effect.standardError ** 2 }];
    }),
  );
}

/** learnFromNeighbours learns from runs of one arm, which were compared with their neighbour: how far their values came apart. */
export function learnFromNeighbours(comparisons: readonly EqualRuns[]): Record<string, LearnedNoise> {
  return learnAll(comparisons, "values", (id) => {
    // By run: where their number is odd, one run is in two comparisons.
    const byRun = new Map<string, RunMeasurement & { scale: LearnedNoise["scale"] }>();
    for (const { evidence, effects } of comparisons) {
      const effect = effects.get(id);
      if (effect === undefined) continue;
      const { scale, values, standardError } = effect;
      for (const [index, value] of [values.baseline, values.candidate].entries()) {
        const shown = scale === "log" ? Math.log(value) : value;
        byRun.set(evidence.runIds[index] ?? "", { scale, value: shown, withinVariance: standardError ** 2 / 2 });
      }
    }
    return [...byRun.values()];
  });
}

const none = { scale: "log", sd: 0 } as const;

function learnAll(
  runs: readonly EqualRuns[],
  kind: "effects" | "values",
  measurements: (id: string) => readonly (RunMeasurement & { scale: LearnedNoise["scale"] })[],
): Record<string, LearnedNoise> {
  const ids = [...new Set(runs.flatMap(({ effects }) => [...effects.keys()]))].sort();
  const learned: Record<string, LearnedNoise> = {};
  for (const id of ids) {
    const found = measurements(id);
    const [first] = found;
    // A quantity that was zero in some of the runs has no one scale, and no noise that could be told.
    if (first === undefined || found.length < FEWEST_CALIBRATION_RUNS || found.some(({ scale }) => scale !== first.scale))
      continue;
    learned[id] = learnedNoise(found, { kind, scale: first.scale });
  }
  return learned;
}
