import type { Change, IndicatorChange, UnjudgedChange } from "../../domain/judgement/evaluation.ts";
import { type Better, type Indicator, scenarioOf, stepOf } from "../../domain/judgement/indicator.ts";
import type { Policy } from "../../domain/judgement/policy.ts";
import { normalQuantile } from "../../statistics/distributions.ts";
import { weightOf } from "../catalogue/margins.ts";
import type { UncertainEffect } from "../effects/estimate.ts";
import type { MarginLimits, MeasuredIndicator } from "../effects/measured-indicator.ts";

/** AdjustedP are the p-values after the correction for several indicators, for a harmful and for a beneficial change. */
export interface AdjustedP {
  readonly worse: number;
  readonly better: number;
}

/** indicatorChange judges a measured indicator; `share` is its share of alpha while no gate is rejected. */
export function indicatorChange(
  measured: MeasuredIndicator,
  options: { adjusted: AdjustedP; policy: Policy; share: number; loadMinutes: number },
): IndicatorChange {
  const { indicator, judged } = measured;
  const { policy, adjusted } = options;
  const alpha = policy.alpha * options.share;
  const common = {
    ...identityOf(indicator),
    level: 1 - 2 * policy.equivalenceAlpha,
    n: measured.n,
    blocks: measured.blocks,
    warnings: measured.warnings,
  };
  if (judged === null) {
    return { ...common, effectKind: indicator.kind === "error" ? "difference" : "ratio", ...unjudged };
  }
  const { effect, limits } = judged;
  const interval = {
    lower: effect.limit(policy.equivalenceAlpha, "lower"),
    upper: effect.limit(policy.equivalenceAlpha, "upper"),
  };
  const change = classifyChange(interval, {
    limits,
    better: indicator.better,
    pAdjusted: adjusted.worse,
    pImproved: adjusted.better,
    alpha: policy.alpha,
  });
  const notWorse = indicator.better === "lower" ? interval.upper < limits.upper : interval.lower > limits.lower;
  const shown = (value: number) => (effect.scale === "log" ? Math.exp(value) : value);
  return {
    ...common,
    judged: true,
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
  };
}

function identityOf(indicator: Indicator) {
  const { id, label, service, layer, quantity, kind, unit, better, gate, margin } = indicator;
  return {
    indicator: id,
    label,
    service,
    layer,
    scenario: scenarioOf(indicator),
    step: stepOf(indicator),
    quantity,
    kind,
    unit,
    better,
    gate,
    ...(gate ? { weight: weightOf(indicator) } : {}),
    margin,
  };
}

/** unjudged are the fields of an indicator without enough data. */
const unjudged = {
  judged: false,
  baseline: null,
  candidate: null,
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
} as const satisfies Partial<UnjudgedChange>;

/**
 * classifyChange compares the equivalence interval of the effect with the margin.
 *
 * An interval that includes a limit of the margin is inconclusive: too little evidence must never pass. A change beyond a limit also
 * requires a p-value, corrected for several indicators, of at most alpha.
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

/** power is the probability with which the minimum detectable effect is found. */
const power = 0.8;

/** longestFactor is the largest multiple of the present load that is proposed. */
const longestFactor = 100;

/**
 * minimumDetectableEffect is the smallest harmful change that evidence of this quality finds with probability 0.8: the margin, plus
 * the critical value of the test, plus the normal quantile of the power, the last two times the standard error.
 */
function minimumDetectableEffect(effect: UncertainEffect, limits: MarginLimits, options: { alpha: number }): number {
  const { standardError } = effect;
  const reach = standardError > 0 ? (effect.factor(options.alpha) + normalQuantile(power)) * standardError : 0;
  const change = limits.upper + reach;
  return effect.scale === "log" ? Math.expm1(change) : change;
}

/**
 * moreMinutes is the further load of the same kind, in minutes, that would probably decide an indicator if the effect stays the same
 * and only the noise decreases. Null where no reasonable load would: the effect equals the margin, or the noise is between runs.
 */
function moreMinutes(
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
