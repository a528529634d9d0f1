import { standsOut } from "./mean-difference.ts";
import { clampTo, type Piece } from "./piece.ts";
import type { StepDifferences } from "./step-differences.ts";
import type { WholeArm } from "./whole-arm.ts";

/**
 * splitOutside splits the added time of a step outside of Odoo's own clock:
 *
 * - queue: added time in which all workers of the arm were busy, from the log's worker and times, for the step itself; where the
 *   log does not tell workers, added time between the ingress and Odoo's clock, for the whole arm;
 * - ingress: added client time minus the time for which the ingress waited for Odoo, for the whole arm;
 * - what is left is unexplained: the network between ingress and Odoo, connections, or a part of the stack that nothing observes.
 */
export function splitOutside(outsideMs: number, step: StepDifferences, arm: WholeArm): Piece[] {
  const wait = step.queue ?? arm.behindIngress;
  const queue = clampTo(wait?.added ?? 0, outsideMs);
  const ingress = clampTo(arm.ingress?.added ?? 0, outsideMs - queue);
  return [
    {
      part: "queue",
      layer: "odoo",
      addedMs: queue,
      standardError: wait?.standardError ?? null,
      known: step.queue === null ? "arm" : "step",
      isCredible: wait !== null && standsOut(wait),
    },
    {
      part: "ingress",
      layer: "ingress",
      addedMs: ingress,
      standardError: arm.ingress?.standardError ?? null,
      known: "arm",
      isCredible: arm.ingress !== null && standsOut(arm.ingress),
    },
    unexplained(outsideMs - queue - ingress),
  ];
}

/** unexplained is what no reading accounts for. */
export function unexplained(addedMs: number): Piece {
  return { part: "unexplained", layer: null, addedMs, standardError: null, known: "step", isCredible: false };
}
