import type { Attribution } from "../../domain/judgement/evaluation.ts";

/** What a statement costs besides PostgreSQL's time, in ms and roughly: Odoo builds it, and makes records of its rows. */
const odooMsPerStatement = 1;

/** Of the longest time that was added to a step of the service, the share below which its added statements are no cause of it. */
const leastShare = 0.05;

/**
 * weightiestFirst puts added statements before added times, for they are counted and not shared out; but not those that are next to
 * nothing of what was added. An order that takes longer than a second writes the records of each second by a statement of its
 * own, so whatever slows it down adds one.
 */
export function weightiestFirst(statements: readonly Attribution[], times: readonly Attribution[]): Attribution[] {
  const isSlight = ({ service, addedMs, addedCalls }: Attribution) => {
    const ownMs = (addedMs ?? 0) + odooMsPerStatement * (addedCalls ?? 0);
    const longest = Math.max(0, ...times.filter((time) => time.service === service).map((time) => time.addedMs ?? 0));
    return ownMs < leastShare * longest;
  };
  return [...statements.filter((finding) => !isSlight(finding)), ...times, ...statements.filter((finding) => isSlight(finding))];
}
