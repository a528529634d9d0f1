import { weightOf, weights } from "../../src/evaluator/catalogue/margins.ts";
import { defaultPolicy } from "../../src/evaluator/catalogue/policy.ts";
import { countEffect } from "../../src/evaluator/effects/count-effect.ts";
import { conditionalTest } from "../../src/statistics/distributions.ts";
import { type Random, seededRandom } from "../../src/statistics/random.ts";
import { kayentaSaysHigh } from "./kayenta.ts";
import { transactionGates } from "./quiet-gates.ts";

/** CountPower compares the tests of rare errors: `from` and `to` are mean errors per interval of a hundred requests. */
export interface CountPower {
  readonly from: number;
  readonly to: number;
  readonly peakproof: number;
  /** With the failed share's part of alpha beside the other gates of one transaction. */
  readonly amongAll: number;
  /** The same, held to a margin of a sixth of the largest difference here. */
  readonly amongAllWithMargin: number;
  readonly conditional: number;
  readonly kayenta: number;
}

const intervals = 60;
const requests = 100;

const whole = transactionGates.reduce((total, gate) => total + weightOf(gate), 0);

/** countAlpha is what the one gate of errors may spend: alone, and beside the other gates of one transaction. */
export const countAlpha = { alone: defaultPolicy.alpha, amongAll: (defaultPolicy.alpha * weights.failures) / whole } as const;

/**
 * Margins as shares of all requests: next to none, as for latencies and as its rivals here have none, so that the test decides; and
 * 0.1 points, which takes its part of differences of 0.3 to 1.5 points.
 */
export const countMargin = { none: 0.0001, some: 0.001 } as const;

export function countPower(repetitions: number): CountPower[] {
  const random = seededRandom(42);
  return [
    [0.2, 0.2],
    [1, 1],
    [5, 5],
    [0.2, 0.5],
    [0.2, 0.8],
    [1, 1.5],
    [1, 2],
    [5, 6.5],
  ].map(([from = 0, to = 0]) => {
    const found = { peakproof: 0, amongAll: 0, amongAllWithMargin: 0, conditional: 0, kayenta: 0 };
    for (let repetition = 0; repetition < repetitions; repetition += 1) {
      const [baseline, candidate] = [errors(from, random), errors(to, random)];
      const count = (events: readonly number[]) => events.map((each) => ({ events: each, exposure: requests }));
      const sum = (events: readonly number[]) => ({
        events: events.reduce((total, each) => total + each, 0),
        exposure: intervals * requests,
      });
      const effect = countEffect({ baseline: count(baseline), candidate: count(candidate) });
      const p = effect?.pBeyond(countMargin.none, "above") ?? 1;
      if (p <= countAlpha.alone) found.peakproof += 1;
      if (p <= countAlpha.amongAll) found.amongAll += 1;
      if ((effect?.pBeyond(countMargin.some, "above") ?? 1) <= countAlpha.amongAll) found.amongAllWithMargin += 1;
      if (conditionalTest(sum(baseline), sum(candidate)) <= 0.001) found.conditional += 1;
      if (kayentaSaysHigh(baseline, candidate)) found.kayenta += 1;
    }
    return {
      from,
      to,
      peakproof: found.peakproof / repetitions,
      amongAll: found.amongAll / repetitions,
      amongAllWithMargin: found.amongAllWithMargin / repetitions,
      conditional: found.conditional / repetitions,
      kayenta: found.kayenta / repetitions,
    };
  });
}

function errors(mean: number, random: Random): number[] {
  return Array.from({ length: intervals }, () => {
    let events = 0;
    for (let request = 0; request < requests; request += 1) if (random() < mean / requests) events += 1;
    return events;
  });
}
