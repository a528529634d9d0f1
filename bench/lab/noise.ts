import { availableParallelism } from "node:os";

import { type HostNoise, startHostNoise } from "../../src/lab/faults/catalogue.ts";
import { seededRandom } from "../../src/statistics/random.ts";

/**
 * startNoise starts a noisy neighbour with at most one busy process more than there are cores. Each seed has different bursts.
 */
export function startNoise(seed: number): HostNoise {
  return startHostNoise({ random: seededRandom(seed), most: availableParallelism() + 1 });
}
