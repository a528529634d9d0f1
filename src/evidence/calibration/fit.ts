import type { ComparedRun } from "../../bundle/run/compared-runs.ts";
import type { Evidence, ValidityFact } from "../../domain/judgement/evidence.ts";
import type { Calibration } from "../../domain/judgement/policy.ts";
import type { Schedule } from "../../domain/load/run.ts";
import { loadDifference, measuredLoadMs, scenariosOfRun, seconds } from "./equal-runs.ts";

/**
 * Noise between runs shrinks with their length at most as the noise inside them does: in runs of half the length it is at most
 * 1.41 times as large, which is about the reserve of the upper limit (1.35 times the estimate). More load never makes the noise
 * larger.
 */
const shortestShare = 0.5;

/** CalibratedNoise is the noise that a calibration adds to the evidence of some runs, and facts about the calibration. */
export interface CalibratedNoise {
  readonly betweenRunSd?: NonNullable<Evidence["betweenRunSd"]>;
  readonly facts: readonly ValidityFact[];
}

/**
 * calibratedNoise takes the noise between runs from a calibration of the same target, schedule and load. A calibration that does
 * not fit is not used and bars a pass, because the policy requires a calibration.
 */
export function calibratedNoise(
  calibration: Calibration | undefined,
  runs: readonly ComparedRun[],
  schedule: Schedule["kind"],
): CalibratedNoise {
  if (calibration === undefined) return { facts: [] };
  const misfit = misfitOf(calibration, runs, schedule);
  if (misfit !== null) {
    return {
      facts: [
        {
          code: "calibration-unfit",
          severity: "unsteady",
          text: `the calibration was not used: ${misfit}`,
          remedy: "Learn one for this load with `peakproof calibrate`, or remove `calibration` from the policy.",
        },
      ],
    };
  }
  const learned = Object.entries(calibration.indicators);
  return {
    betweenRunSd: Object.fromEntries(learned.map(([id, { scale, upperSd }]) => [id, { scale, sd: upperSd }])),
    facts: [
      {
        code: "calibrated",
        severity: "info",
        text: `noise between runs was learned from ${calibration.runs.length} runs of ${calibration.release} against itself`,
        remedy: "Calibrate again when the machines, the data or the workload change.",
      },
    ],
  };
}

function misfitOf(calibration: Calibration, runs: readonly ComparedRun[], schedule: Schedule["kind"]): string | null {
  if (calibration.schedule !== schedule) return `it is for the schedule ${calibration.schedule}, this is ${schedule}`;
  for (const { manifest } of runs) {
    if (manifest.target !== calibration.target)
      return `it is for the target ${calibration.target}, ${manifest.runId} ran on ${manifest.target}`;
    const difference = loadDifference(calibration.scenarios, scenariosOfRun(manifest));
    if (difference !== null) return `it was learned under another load than ${manifest.runId} had: ${difference}`;
  }
  const loads = runs.map(({ manifest }) => measuredLoadMs(manifest));
  // Rounds of one campaign count as one run, because their servers keep running.
  const loadMs = schedule === "sequential" ? Math.min(...loads) : loads.reduce((total, each) => total + each, 0);
  if (loadMs >= shortestShare * calibration.loadMs) return null;
  return `it was learned from runs of ${seconds(calibration.loadMs)}, more than twice the ${seconds(loadMs)} here`;
}
