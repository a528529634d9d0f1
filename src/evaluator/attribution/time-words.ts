import { type AddedTime, PART_WORDS } from "../../domain/judgement/evaluation.ts";
import { formatNumber } from "../wording.ts";

/** Parts below this share of the added time are left to the figures. */
const leastShare = 0.05;

/** describeAdded says how much longer a step takes: `order-import/confirm takes 149 ms longer (231 → 380 ms)`. */
export function describeAdded({ step, addedMs, baselineMs, candidateMs }: AddedTime): string {
  return `${step} takes ${formatNumber(addedMs)} ms longer (${formatNumber(baselineMs)} → ${formatNumber(candidateMs)} ms)`;
}

/** describeParts lists where the added time is, the largest part first: `84 ms more SQL statements, 58 ms Python`. */
export function describeParts({ parts, addedMs }: AddedTime): string {
  return [...parts]
    .filter((part) => part.addedMs >= leastShare * addedMs)
    .sort((a, b) => b.addedMs - a.addedMs)
    .map((part) => `${formatNumber(part.addedMs)} ms ${PART_WORDS[part.part]}`)
    .join(", ");
}
