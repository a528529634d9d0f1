import type { PerArm } from "../domain/arm.ts";
import type { Margin } from "../domain/judgement/indicator.ts";

/** MarginLimits are the ends of "no change that matters", on the scale of the effect. */
export interface MarginLimits {
  readonly lower: number;
  readonly upper: number;
}

/**
 * marginLimits puts a margin on the scale of the effect, the larger of its two parts.
 *
 * On the log scale it is symmetric (x 1.15 one way, / 1.15 the other), and the absolute part counts against the geometric mean
 * of both arms, so that swapping the arms turns every regression into an improvement and back.
 */
export function marginLimits(margin: Margin, scale: "log" | "difference", values: PerArm<number>): MarginLimits {
  if (scale === "log") {
    const middle = Math.sqrt(values.baseline * values.candidate);
    const upper = Math.log1p(Math.max(margin.relative, margin.absolute / middle));
    return { lower: -upper, upper };
  }
  const middle = (values.baseline + values.candidate) / 2;
  const upper = Math.max(margin.absolute, margin.relative * middle);
  return { lower: -upper, upper };
}
