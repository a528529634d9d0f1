import type { LearnedNoise } from "../domain/judgement/policy.ts";
import { lagOneAutocorrelation } from "../statistics/dependence.ts";
import { chiSquareQuantile } from "../statistics/distributions.ts";

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
