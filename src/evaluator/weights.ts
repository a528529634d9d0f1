import type { Indicator } from "../domain/judgement/indicator.ts";

/**
 * weights are how the gates share alpha, fixed with the catalogue and before any measurement (Holm's weighted procedure).
 *
 * What a test asks for grows only with the root of ln(1/alpha), so a tenth of the weight costs a gate about a fifth of its reach and
 * pays for all the others. Typical latency and CPU time, whose noise is as large as the changes that matter, keep the weight of one.
 */
export const weights = {
  /** A tail rests on a twentieth of the values, and most of what slows it down slows the typical transaction down as well. */
  tail: 0.1,
  /** Equal releases run equal statements, so that one statement more has a p-value of nearly zero at any weight. */
  countedWork: 0.1,
  /** Failures that matter are many times the margin, and what fails is not slow: no other gate would see them. */
  failures: 0.25,
  /** A retried transaction costs latency and work besides. */
  retries: 0.1,
} as const;

/** weightOf is the weight of a gate among the others. */
export function weightOf({ weight }: Indicator): number {
  return weight ?? 1;
}
