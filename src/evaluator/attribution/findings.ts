import { type AddedTime, type Attribution, PART_WORDS } from "../../domain/judgement/evaluation.ts";
import { formatNumber } from "../../domain/judgement/wording.ts";

/** Finding is an attribution with the short form of its text. */
export interface Finding extends Attribution {
  /** The text without statements, for a leader; absent where the text is short enough. */
  readonly headline?: string;
}

/** leastShareNamed is the least share of what was added (calls, buffer accesses, time) with which a statement is named. */
export const leastShareNamed = 0.2;

/** Parts below this share of the added time are not worded; the figures show them. */
const leastPartShare = 0.05;

/** Rough cost of a statement in Odoo, in ms, in addition to its time in PostgreSQL: Odoo builds it and makes records of its rows. */
const odooMsPerStatement = 1;

/** Share of the longest time that was added to a step of the service; added statements that cost less are no cause of that time. */
const slightShare = 0.05;

/** Longest statement inside a sentence; `statement` of the attribution holds the whole text. */
const longestStatement = 160;

/**
 * countedFirst puts added statements before added times, because statements are counted and times are estimated; added statements
 * that cost almost nothing compared with the added time come last. An order that takes longer than a second writes the records of
 * each second with a further statement, so any cause of slowness adds statements.
 */
export function countedFirst<Each extends Attribution>(statements: readonly Each[], times: readonly Each[]): Each[] {
  const isSlight = ({ service, addedMs, addedCalls }: Attribution) => {
    const ownMs = (addedMs ?? 0) + odooMsPerStatement * (addedCalls ?? 0);
    const longest = Math.max(0, ...times.filter((time) => time.service === service).map((time) => time.addedMs ?? 0));
    return ownMs < slightShare * longest;
  };
  return [...statements.filter((finding) => !isSlight(finding)), ...times, ...statements.filter((finding) => isSlight(finding))];
}

/** causeSentence words the first finding for a leader, without SQL; empty where no cause is known. */
export function causeSentence(first: Finding | undefined, addedTime: readonly AddedTime[]): string {
  if (first === undefined) return "";
  const time = isCounted(first) ? undefined : addedTime.find(({ step }) => step === first.step);
  if (time === undefined) return sentence(first.headline ?? first.text);
  const parts = describeParts(time);
  const doubt = time.layer === "cannot-tell" ? "; where most of the time goes is unknown" : "";
  return sentence(`${describeAdded(time)}${parts === "" ? "" : `: ${parts}`}${doubt}`);
}

/** isCounted says whether a finding is about failures or statements, which are counted and not estimated. */
function isCounted({ addedMs, addedCalls, layer }: Attribution): boolean {
  return addedCalls !== null || (addedMs === null && layer !== "cannot-tell");
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** describeAdded words the added time of a step: `order-import/confirm takes 149 ms longer (231 → 380 ms)`. */
export function describeAdded({ step, addedMs, baselineMs, candidateMs }: AddedTime): string {
  return `${step} takes ${formatNumber(addedMs)} ms longer (${formatNumber(baselineMs)} → ${formatNumber(candidateMs)} ms)`;
}

/** describeParts words the parts of the added time, the largest first: `84 ms more SQL statements, 58 ms Python`. */
export function describeParts({ parts, addedMs }: AddedTime): string {
  return [...parts]
    .filter((part) => part.addedMs >= leastPartShare * addedMs)
    .sort((a, b) => b.addedMs - a.addedMs)
    .map((part) => `${formatNumber(part.addedMs)} ms ${PART_WORDS[part.part]}`)
    .join(", ");
}

/** shortenStatement cuts a statement to the length that fits into a sentence. */
export function shortenStatement(statement: string): string {
  return statement.length <= longestStatement ? statement : `${statement.slice(0, longestStatement - 1)}…`;
}
