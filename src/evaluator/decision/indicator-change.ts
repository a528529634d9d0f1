import type { Change, IndicatorChange } from "../../domain/judgement/evaluation.ts";
import type { Better } from "../../domain/judgement/indicator.ts";
import type { Policy } from "../../domain/judgement/policy.ts";
import { normalQuantile } from "../../statistics/distributions.ts";
import { weightOf } from "../catalogue/margins.ts";
import type { UncertainEffect } from "../effects/estimate.ts";
import type { MarginLimits, MeasuredIndicator } from "../effects/measured-indicator.ts";

/** AdjustedP are the p-values after the correction for several indicators. */
export interface AdjustedP {
  readonly worse: number;
  readonly better: number;
}

/** indicatorChange turns a measured indicator into the judgement that reports show; `share` is its first part of alpha. */
export function indicatorChange(
  measured: MeasuredIndicator,
  options: { adjusted: AdjustedP; policy: Policy; share: number; loadMinutes: number },
): IndicatorChange {
  const { indicator, judged } = measured;
  const { policy, adjusted } = options;
  const alpha = policy.alpha * options.share;
  const { id, label, service, layer, kind, unit, better, gate, margin } = indicator;
  const level = 1 - 2 * policy.equivalenceAlpha;
  const common = {
    indicator: id,
    label,
    service,
    layer,
    kind,
    unit,
    better,
    gate,
    ...(gate ? { weight: weightOf(indicator) } : {}),
    margin,
    level,
    n: measured.n,
    blocks: measured.blocks,
  };
  if (judged === null) return { ...common, ...nothing(indicator.kind), warnings: measured.warnings };
  const { effect, limits } = judged;
  const interval = {
    lower: effect.limit(policy.equivalenceAlpha, "lower"),
    upper: effect.limit(policy.equivalenceAlpha, "upper"),
  };
  const change = classifyChange(interval, {
    limits,
    better,
    pAdjusted: adjusted.worse,
    pImproved: adjusted.better,
    alpha: policy.alpha,
  });
  const notWorse = better === "lower" ? interval.upper < limits.upper : interval.lower > limits.lower;
  const shown = (value: number) => (effect.scale === "log" ? Math.exp(value) : value);
  return {
    ...common,
    baseline: effect.values.baseline,
    candidate: effect.values.candidate,
    effectKind: effect.scale === "log" ? "ratio" : "difference",
    effect: shown(effect.effect),
    lower: shown(interval.lower),
    upper: shown(interval.upper),
    marginLower: shown(limits.lower),
    marginUpper: shown(limits.upper),
    change,
    p: measured.pWorse,
    pAdjusted: adjusted.worse,
    notWorse,
    method: effect.method,
    minimumDetectableEffect: minimumDetectableEffect(effect, limits, { alpha }),
    moreMinutes:
      change === "inconclusive" && !notWorse
        ? moreMinutes(measured, { alpha, equivalenceAlpha: policy.equivalenceAlpha, loadMinutes: options.loadMinutes })
        : null,
    warnings: measured.warnings,
  };
}

function nothing(kind: string) {
  return {
    baseline: null,
    candidate: null,
    effectKind: kind === "error" ? "difference" : "ratio",
    effect: null,
    lower: null,
    upper: null,
    marginLower: null,
    marginUpper: null,
    change: "inconclusive",
    p: null,
    pAdjusted: null,
    notWorse: false,
    method: "not judged",
    minimumDetectableEffect: null,
    moreMinutes: null,
  } as const;
}

/**
 * classifyChange places the equivalence interval of the effect against the margin.
 *
 * An interval that straddles a limit is inconclusive: too little evidence must never read as a pass. A change in the harmful
 * direction also needs its p-value, corrected for several indicators, at most alpha.
 */
export function classifyChange(
  interval: { readonly lower: number; readonly upper: number },
  options: { limits: MarginLimits; better: Better; pAdjusted: number; pImproved: number; alpha: number },
): Change {
  const { limits, better, alpha } = options;
  const beyondHarm = better === "lower" ? interval.lower > limits.upper : interval.upper < limits.lower;
  const beyondGain = better === "lower" ? interval.upper < limits.lower : interval.lower > limits.upper;
  if (beyondHarm) return options.pAdjusted <= alpha ? "regressed" : "inconclusive";
  if (beyondGain) return options.pImproved <= alpha ? "improved" : "inconclusive";
  if (interval.lower > limits.lower && interval.upper < limits.upper) return "equivalent";
  return "inconclusive";
}

const power = 0.8;

/** Beyond a hundred times the load at hand an answer is no plan, so none is given. */
const longestFactor = 100;

/**
 * minimumDetectableEffect is the smallest harmful change that evidence of this quality finds with probability 0.8: the margin,
 * plus what the test asks for, plus what chance may take away.
 */
export function minimumDetectableEffect(effect: UncertainEffect, limits: MarginLimits, options: { alpha: number }): number {
  const { standardError } = effect;
  const reach = standardError > 0 ? (effect.factor(options.alpha) + normalQuantile(power)) * standardError : 0;
  const change = limits.upper + reach;
  return effect.scale === "log" ? Math.expm1(change) : change;
}

/**
 * moreMinutes is how much further load of the same kind would probably decide an indicator, if the change stays where it is and
 * only the noise shrinks. Null where no reasonable load would: a change that sits on the margin itself, or noise between runs.
 */
export function moreMinutes(
  measured: MeasuredIndicator,
  options: { alpha: number; equivalenceAlpha: number; loadMinutes: number },
): number | null {
  const { judged, indicator } = measured;
  const { loadMinutes } = options;
  if (judged === null) return null;
  const { effect, limits } = judged;
  const harmAbove = indicator.better === "lower";
  const harmful = harmAbove ? effect.effect > limits.upper : effect.effect < limits.lower;
  const level = harmful ? options.alpha : options.equivalenceAlpha;
  const decided = (load: number): boolean => {
    const [lower, upper] = [effect.limit(level, "lower", load), effect.limit(level, "upper", load)];
    if (harmful) return harmAbove ? lower > limits.upper : upper < limits.lower;
    return harmAbove ? upper < limits.upper : lower > limits.lower;
  };
  if (!decided(longestFactor)) return null;
  let [low, high] = [1, longestFactor];
  for (let step = 0; step < 30; step += 1) {
    const middle = Math.sqrt(low * high);
    if (decided(middle)) high = middle;
    else low = middle;
  }
  return Math.max(1, Math.ceil(loadMinutes * (high - 1)));
}
