import { normalQuantile } from "../statistics/distributions.ts";
import type { MarginLimits } from "./margin-limits.ts";
import type { MeasuredIndicator } from "./measured-indicator.ts";
import type { UncertainEffect } from "./uncertain-effect.ts";

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
