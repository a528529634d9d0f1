import { startHostNoise } from "./host-noise.ts";
import { notInEffect, type LabFault } from "./lab-fault.ts";

const hostNoise: LabFault = {
  id: "host-noise",
  title: "A noisy neighbour on the machine, and nothing else",
  layer: null,
  place: "the whole machine, both arms alike, while the load runs",
  unit: "busy processes at most",
  sizes: { small: 1, medium: 3, large: 6 },
  async inject({ random }, amount) {
    const noise = startHostNoise({ random, most: amount });
    await noise.stop();
    if (noise.started() === 0) throw notInEffect("no busy process was started");
    return `${noise.started()} busy processes were started and ended`;
  },
  disturb: async ({ random }, amount) => startHostNoise({ random, most: amount }),
};

const nothing: LabFault = {
  id: "nothing",
  title: "Nothing at all",
  layer: null,
  place: "neither arm",
  unit: "",
  sizes: null,
  inject: async () => "both arms have the same code, settings and data",
};

/** CONTROLS must not fail a release. */
export const CONTROLS: readonly LabFault[] = [hostNoise, nothing];
