import type { Evidence } from "./evidence.ts";

/** Times as long as the baseline's that the candidate's transactions took, from which on a load that was missed is its own doing. */
const held = 2;

/**
 * candidateHeldUsers tells whether the candidate kept the virtual users of a service so busy that arrivals found nobody.
 *
 * A user who waits for the candidate is missing for both arms, so a dropped arrival names no arm; the time that the users spent
 * does. A candidate that took twice the baseline's has had two thirds of it, and as fast as the baseline it would have left a
 * third of the users free. Without this rule the slowest candidates are never judged: the slower, the more arrivals are missed. A
 * neighbour slows both arms down, and differed by 20 % between equal arms where three of four transactions never ended.
 */
export function candidateHeldUsers(transactions: Evidence["transactions"], service: string): boolean {
  const [baseline, candidate] = (["baseline", "candidate"] as const).map((arm) =>
    transactions
      .filter((entry) => entry.arm === arm && entry.service === service)
      .reduce((total, { tookMs }) => total + tookMs, 0),
  );
  return (baseline ?? 0) > 0 && (candidate ?? 0) >= held * (baseline ?? 0);
}
