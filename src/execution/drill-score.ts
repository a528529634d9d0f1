import { DRILL_TARGETS, type DrillRow, type DrillScore } from "../domain/judgement/drill.ts";

/** isDetected tells whether the judge failed the release for the fault. */
export function isDetected({ outcome }: DrillRow): boolean {
  return outcome.kind === "judged" && outcome.verdict === "fail";
}

/** isLayerRight tells whether it blamed the layer in which the fault is. */
export function isLayerRight(row: DrillRow): boolean {
  return isDetected(row) && row.outcome.kind === "judged" && row.outcome.told === row.fault.layer;
}

/** scoreDrill adds a drill up. What was not judged was not found either, and keeps the drill from meeting its targets. */
export function scoreDrill(rows: readonly DrillRow[]): DrillScore {
  const faults = rows.filter(({ fault }) => fault.layer !== null);
  const controls = rows.filter(({ fault }) => fault.layer === null);
  const detected = faults.filter((row) => isDetected(row));
  const layerRight = detected.filter((row) => isLayerRight(row));
  const falseAlarms = controls.filter((row) => isDetected(row)).length;
  const unjudged = rows.filter(({ outcome }) => outcome.kind !== "judged").length;
  const isMet =
    unjudged === 0 &&
    falseAlarms === 0 &&
    detected.length >= DRILL_TARGETS.detected * faults.length &&
    layerRight.length >= DRILL_TARGETS.layerRight * detected.length;
  return {
    faults: faults.length,
    detected: detected.length,
    layerRight: layerRight.length,
    controls: controls.length,
    falseAlarms,
    unjudged,
    isMet,
  };
}
