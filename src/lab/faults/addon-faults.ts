import type { Fault } from "../../domain/judgement/drill.ts";
import { askAddon, knobSettings, requireKnobs } from "./drill-knobs.ts";
import { fetchText } from "./fetch-text.ts";
import { type FaultScene, type LabFault, notInEffect } from "./lab-fault.ts";

const place = "the same code in both arms, told by the environment of the candidate's servers alone to do wrong";

type AddonFault = Omit<Fault, "layer" | "place"> & {
  /** The amount's name in fixtures/addons/drill. */
  readonly knob: string;
};

const FAULTS: readonly AddonFault[] = [
  {
    id: "n-plus-one",
    title: "Order confirmation searches once more for each line",
    unit: "searches per order",
    sizes: { small: 1, medium: 6, large: 60 },
    knob: "SEARCHES",
  },
  {
    id: "missing-prefetch",
    title: "The shop page reads its products one by one",
    unit: "products",
    sizes: { small: 6, medium: 20, large: 80 },
    knob: "ALONE",
  },
  {
    id: "slow-compute",
    title: "The total of an order is computed by slow Python",
    unit: "CPU-ms per computation",
    sizes: { small: 10, medium: 60, large: 250 },
    knob: "COMPUTE_MS",
  },
  {
    id: "error-share",
    title: "A share of the order confirmations ends in an exception",
    unit: "share of confirmations",
    sizes: { small: 0.1, medium: 0.4, large: 0.8 },
    knob: "FAILS",
  },
  {
    id: "duplicate-imports",
    title: "A share of the imported orders comes in twice",
    unit: "share of imports",
    sizes: { small: 0.05, medium: 0.2, large: 0.6 },
    knob: "TWICE",
  },
  {
    id: "lost-stock",
    title: "A share of the deliveries loses a unit of stock without a move",
    unit: "share of delivered moves",
    sizes: { small: 0.05, medium: 0.2, large: 0.6 },
    knob: "LOSES",
  },
];

/** Above this much more memory than a worker had at its first request it ends itself, in both arms: a small host's limit. */
const HEADROOM_MB = 300;

const memoryLeak: LabFault = {
  id: "memory-leak",
  title: "Every request keeps some memory, so that workers reach their limit and are replaced",
  layer: "odoo",
  place: `${place}; the workers of both arms may grow by ${HEADROOM_MB} MB`,
  unit: "MB per request",
  sizes: { small: 3, medium: 12, large: 40 },
  serve: async (_stage, amount) => ({
    both: knobSettings({ HEADROOM_MB }),
    candidate: knobSettings({ LEAK_MB: amount }),
  }),
  async inject(scene, amount) {
    const proof = await requireKnobs(scene, { both: { HEADROOM_MB }, candidate: { LEAK_MB: amount } });
    return `${proof}; ${await requireLeak(scene)}`;
  },
};

/** ADDON_FAULTS are mistakes in a release's own code. */
export const ADDON_FAULTS: readonly LabFault[] = [
  ...FAULTS.map(({ knob, ...fault }): LabFault => ({
    ...fault,
    layer: "odoo",
    place,
    serve: async (_stage, amount) => ({ candidate: knobSettings({ [knob]: amount }) }),
    inject: (scene, amount) => requireKnobs(scene, { candidate: { [knob]: amount } }),
  })),
  memoryLeak,
];

async function requireLeak(scene: FaultScene): Promise<string> {
  await fetchText(`${scene.arms.candidate.baseUrl}/shop`, scene.lab.signal);
  const { keptBytes } = await askAddon("candidate", scene);
  if (keptBytes === 0) throw notInEffect("a worker of the candidate has kept nothing");
  return `it has kept ${Math.round(keptBytes / 2 ** 20)} MB so far`;
}
