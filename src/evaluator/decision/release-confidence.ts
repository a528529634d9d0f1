import { seededRandom, standardNormal } from "../../statistics/random.ts";
import type { JointDraw } from "../effects/estimate.ts";
import type { MeasuredIndicator } from "../effects/measured-indicator.ts";

/**
 * releaseConfidence is the share of joint resamples, 0 to 1, in which no gate exceeds the harmful limit of its margin.
 *
 * Blocks are drawn once for all gates, so gates that are disturbed in the same minutes are disturbed in the same resamples. The
 * result is null where a gate has no estimate: a share over the other gates would claim confidence in an unmeasured gate. Gates are
 * taken in the order of their ids, so that the order of the evidence does not matter.
 */
export function releaseConfidence(
  measured: readonly MeasuredIndicator[],
  options: { resamples: number; seed: number },
): number | null {
  const gates = measured.filter(({ indicator }) => indicator.gate).sort((a, b) => (a.indicator.id < b.indicator.id ? -1 : 1));
  if (gates.length === 0 || gates.some(({ judged }) => judged === null)) return null;
  const random = seededRandom(options.seed);
  const longest = Math.max(...gates.map(({ blocks }) => blocks));
  const drawn = new Float64Array(longest);
  let inside = 0;
  for (let resample = 0; resample < options.resamples; resample += 1) {
    for (let place = 0; place < longest; place += 1) drawn[place] = random();
    const joint = {
      blockAt: (place: number, blocks: number) => Math.floor((drawn[place] ?? 0) * blocks),
      betweenRuns: standardNormal(random),
      random,
    };
    // Every gate draws, so that the sequence of random numbers does not depend on the outcome of an earlier gate.
    const harmed = gates.map((gate) => isHarmed(gate, joint));
    if (!harmed.includes(true)) inside += 1;
  }
  return inside / options.resamples;
}

function isHarmed({ judged, indicator }: MeasuredIndicator, joint: JointDraw): boolean {
  if (judged === null) return true;
  const effect = judged.effect.draw(joint);
  return indicator.better === "lower" ? effect >= judged.limits.upper : effect <= judged.limits.lower;
}
