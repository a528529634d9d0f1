import type { IndicatorChange } from "../domain/judgement/evaluation.ts";
import type { Policy } from "../domain/judgement/policy.ts";
import { classifyChange } from "./classify-change.ts";
import type { MeasuredIndicator } from "./measured-indicator.ts";
import { minimumDetectableEffect, moreMinutes } from "./sensitivity.ts";
import { weightOf } from "./weights.ts";

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
