import type { IndicatorChange } from "../domain/judgement/evaluation.ts";
import type { ValidityFact } from "../domain/judgement/evidence.ts";
import type { ServiceVolume } from "../domain/load/run.ts";
import { isCountedWork, isOwnWork } from "./own-work.ts";

/** Of the planned transactions the least share that must have ended for their work to speak for the rest. */
const leastEnded = 0.5;

/**
 * canFailUnsteady says whether an indicator can fail a release though machine or load were unsteady: work can, as long as what
 * ended stands for what was asked.
 *
 * On a machine that broke down under its neighbours (10 of 40 checkouts ended, orders took 20 s) equal releases differed by 20 % in
 * CPU time per transaction, in every block alike: unfinished requests cost time and are no transactions, and one arm had more of
 * them all along. So CPU time fails nothing where arrivals were missed, and counted work nothing where half of its own were.
 */
export function canFailUnsteady(
  change: IndicatorChange,
  { volumes, unsteady }: { volumes: readonly ServiceVolume[]; unsteady: readonly ValidityFact[] },
): boolean {
  if (!isOwnWork(change)) return false;
  if (!isCountedWork(change)) return unsteady.every(({ code }) => code !== "arrivals-missed");
  return volumes
    .filter(({ service }) => service === change.service || change.service === "platform")
    .every(({ planned, achieved, failed }) => planned === null || achieved + failed >= leastEnded * planned);
}
