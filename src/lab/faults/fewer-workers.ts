import { readFileSync } from "node:fs";
import { countByWorker } from "../warm-up.ts";
import { knobSettings, requireKnobs } from "./drill-knobs.ts";
import { notInEffect, type LabFault } from "./lab-fault.ts";

/** Workers of the baseline in the row of the missing workers. */
const WORKERS = 3;

/** FEWER_WORKERS lets requests queue that would have found a worker. */
export const FEWER_WORKERS: LabFault = {
  id: "fewer-workers",
  title: `One worker in place of ${WORKERS}, while each new order waits for a remote service`,
  layer: "odoo",
  place: "the settings of the candidate's servers; the remote service is as slow in both arms",
  unit: "ms that a new order holds its worker",
  sizes: { small: 100, medium: 500, large: 900 },
  serve: async (_stage, amount) => ({
    both: { workers: WORKERS, ...knobSettings({ REMOTE_MS: amount }) },
    candidate: { workers: 1 },
  }),
  async inject(scene, amount) {
    const proof = await requireKnobs(scene, { both: { REMOTE_MS: amount }, candidate: {} });
    const [before, after] = [scene.arms.baseline, scene.arms.candidate].map(({ odooLog }) => workersIn(odooLog));
    if (before !== WORKERS || after !== 1)
      throw notInEffect(`${before} workers answer in the baseline, ${after} in the candidate`);
    return `${proof}; ${before} workers answer in the baseline, ${after} in the candidate`;
  },
};

function workersIn(log: string | null): number {
  return log === null ? 0 : countByWorker(readFileSync(log, "utf8")).length;
}
