import type { Evidence, ValidityFact } from "../domain/judgement/evidence.ts";
import { FEWEST_CALIBRATION_RUNS, type LearnedNoise, type Policy } from "../domain/judgement/policy.ts";
import { lagOneAutocorrelation } from "../statistics/dependence.ts";
import { chiSquareQuantile } from "../statistics/distributions.ts";
import { evidenceFlaws } from "./decision/evidence-flaws.ts";
import type { UncertainEffect } from "./effects/estimate.ts";
import { measureIndicator } from "./effects/measured-indicator.ts";

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

/** RunMeasurement is what one A/A run says about an indicator, on the scale of effects. */
export interface RunMeasurement {
  readonly value: number;
  /** Variance of the value as the blocks inside the run show it. */
  readonly withinVariance: number;
}

/**
 * A spread learned from eight runs is a guess; the judge takes it as known. Taking the upper 80 % limit keeps that honest: it is
 * 1.35 times the guess with 7 degrees of freedom and 1.2 times with 19, so more runs are worth their time.
 */
const confidence = 0.8;

/** Beyond it successive runs tell next to nothing new. */
const highestAutocorrelation = 0.9;

/**
 * learnedNoise learns the noise between runs from their measurements in the order of time.
 *
 * The judge adds the noise between runs to that inside them, so the latter is taken off here (analysis of variance with the
 * upper limit of the whole). `effects` are candidate against baseline of one release: the truth is zero, so their spread is taken
 * about zero and any bias between the arms counts as noise; they hold the noise of two runs. `values` are runs of one arm.
 */
export function learnedNoise(
  runs: readonly RunMeasurement[],
  options: { kind: "effects" | "values"; scale: LearnedNoise["scale"] },
): LearnedNoise {
  const effects = options.kind === "effects";
  const values = runs.map(({ value }) => value);
  const mean = average(values);
  const df = effects ? values.length : values.length - 1;
  const centre = effects ? 0 : mean;
  const squares = values.reduce((total, value) => total + (value - centre) ** 2, 0);
  const within = average(runs.map(({ withinVariance }) => withinVariance));
  const between = (variance: number) => Math.sqrt(Math.max(0, variance - within) / (effects ? 2 : 1));
  const autocorrelation = lagOneAutocorrelation(values);
  const followed = Math.min(highestAutocorrelation, Math.max(0, autocorrelation));
  return {
    scale: options.scale,
    n: values.length,
    df,
    sd: between(squares / df),
    upperSd: between(squares / chiSquareQuantile(1 - confidence, df)) * Math.sqrt((1 + followed) / (1 - followed)),
    autocorrelation,
    bias: effects ? mean : null,
  };
}

function average(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
