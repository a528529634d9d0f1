import type { Evidence, ValidityFact } from "../domain/judgement/evidence.ts";
import { FEWEST_CALIBRATION_RUNS, type LearnedNoise, type Policy } from "../domain/judgement/policy.ts";
import { lagOneAutocorrelation } from "../statistics/dependence.ts";
import { chiSquareQuantile } from "../statistics/distributions.ts";
import { underPolicy } from "./catalogue/policy.ts";
import { evidenceFlaws } from "./decision/evidence-flaws.ts";
import type { UncertainEffect } from "./effects/estimate.ts";
import { measureIndicator } from "./effects/measured-indicator.ts";

/** EqualRuns is a comparison of a release with itself: the evidence and the effects by indicator id. */
export interface EqualRuns {
  readonly evidence: Evidence;
  readonly effects: ReadonlyMap<string, UncertainEffect>;
  /** Why the comparison cannot be used for calibration; null where it can. */
  readonly flaw: ValidityFact | null;
}

/** measureEqualRuns measures the indicators as the judge does, with the noise inside the runs only: noise between runs is zero. */
export function measureEqualRuns(given: Evidence, policy: Policy): EqualRuns {
  const evidence = underPolicy(given, policy);
  const silent = { ...evidence, betweenRunSd: Object.fromEntries(evidence.series.map(({ indicator }) => [indicator.id, none])) };
  const measured = silent.series.map((series) => measureIndicator(series, silent, policy));
  const { invalid, unsteady } = evidenceFlaws(silent, measured, policy);
  const flaws = [
    ...evidence.validity.filter(({ severity }) => severity === "invalid" || severity === "unsteady"),
    ...invalid,
    ...unsteady,
  ];
  // Exact tests judge failed shares; they use no noise between runs.
  const usable = measured.filter(({ indicator }) => indicator.source.kind !== "count");
  return {
    evidence: given,
    effects: new Map(
      usable.flatMap(({ indicator, judged }) => (judged === null ? [] : [[indicator.id, judged.effect] as const])),
    ),
    flaw: flaws[0] ?? null,
  };
}

/** learnFromPairs learns noise from runs with the release in both arms: from the differences between the arms. */
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

/** learnFromNeighbours learns noise from runs of one arm, each compared with the next run: from the differences between runs. */
export function learnFromNeighbours(comparisons: readonly EqualRuns[]): Record<string, LearnedNoise> {
  return learnAll(comparisons, "values", (id) => {
    // By run: with an odd number of runs, one run is part of two comparisons.
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

/** none is a between-run noise of zero. */
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
    // A quantity that was zero in some of the runs has two scales, so its noise cannot be estimated.
    if (first === undefined || found.length < FEWEST_CALIBRATION_RUNS || found.some(({ scale }) => scale !== first.scale))
      continue;
    learned[id] = learnedNoise(found, { kind, scale: first.scale });
  }
  return learned;
}

/** RunMeasurement is the value of an indicator in one A/A run, on the scale of effects. */
export interface RunMeasurement {
  readonly value: number;
  /** Variance of the value, estimated from the blocks inside the run. */
  readonly withinVariance: number;
}

/**
 * confidence of the upper limit of a learned standard deviation. Eight runs give a rough estimate, which the judge uses as a known
 * value, so the upper 80 % limit is used: 1.35 times the estimate with 7 degrees of freedom and 1.2 times with 19. More runs
 * therefore make the judge more sensitive.
 */
const confidence = 0.8;

/** highestAutocorrelation limits the widening: beyond it further runs add almost no information. */
const highestAutocorrelation = 0.9;

/**
 * learnedNoise estimates the noise between runs from their measurements in the order of time.
 *
 * The judge adds the noise between runs to the noise inside them, so the latter is subtracted here (analysis of variance with the
 * upper limit of the total variance). `effects` compare candidate and baseline of one release: the true effect is zero, so the
 * variance is taken around zero, any bias between the arms counts as noise, and the variance is that of two runs. `values` are runs
 * of one arm.
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
