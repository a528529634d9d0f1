import type { Evidence } from "../domain/judgement/evidence.ts";
import type { Policy } from "../domain/judgement/policy.ts";
import { shareLimit } from "../statistics/distributions.ts";
import { transactionsOf } from "./transactions-of.ts";

/** At the edge of the load one transaction may start and end outside of it. */
export const atTheEdge = 1;

/**
 * candidateLostAlone: drops carry no arm, completed work does. Where the baseline did its share and the candidate not, the loss is
 * its own. Half of a tenth lost in one arm is a loss of the total that no threshold on the total sees, so the arms are held
 * against each other.
 */
export function candidateLostAlone(evidence: Evidence, service: string, policy: Policy): boolean {
  const [baseline, candidate] = [transactionsOf(evidence, "baseline", service), transactionsOf(evidence, "candidate", service)];
  return candidate < baseline * policy.minimumAchievedRatio - atTheEdge;
}

/**
 * candidateMayHaveLostWork: a candidate that loses a tenth of its transactions shows a loss below a twentieth of 240 in one campaign
 * of a hundred. So it is not what was seen that must stay below the policy's limit for a pass, but what could be behind it: the
 * exact limit of the share that the candidate loses and the baseline does not.
 *
 * Equal releases leave up to two transactions of sixty unfinished when the load stops, so a short run is held to 12/(n + 12), as for
 * retries; from 228 transactions per arm on the policy's own limit counts.
 */
export function candidateMayHaveLostWork(evidence: Evidence, service: string, policy: Policy): boolean {
  const [baseline, candidate] = [transactionsOf(evidence, "baseline", service), transactionsOf(evidence, "candidate", service)];
  const lost = { events: Math.max(0, baseline - candidate - atTheEdge), exposure: baseline };
  const limit = Math.max(1 - policy.minimumAchievedRatio, 12 / (baseline + 12));
  return shareLimit(lost, policy.equivalenceAlpha, "upper") > limit;
}
