import type { Policy } from "../domain/judgement/policy.ts";

/** AlphaShare is what one look may spend of an error rate, and what it and all looks before it have spent. */
export interface AlphaShare {
  readonly here: number;
  readonly spent: number;
}

/**
 * alphaShare spends an error rate over looks whose number nobody knows beforehand: look k gets 1 / (k (k + 1)) of it.
 *
 * The shares add up to k / (k + 1) after look k and never to more than one, so by the union bound the error over all looks stays
 * below the rate, however the looks depend on each other and whenever the campaign stops. The first look, which decides most
 * campaigns, gets half. Null looks: the length was fixed beforehand, and the one look spends everything.
 */
export function alphaShare(looks: number | null): AlphaShare {
  if (looks === null) return { here: 1, spent: 1 };
  return { here: 1 / (looks * (looks + 1)), spent: looks / (looks + 1) };
}

/** policyAtLook is the policy with the error rates that this look may spend. */
export function policyAtLook(policy: Policy, looks: number | null): Policy {
  const { here } = alphaShare(looks);
  return { ...policy, alpha: policy.alpha * here, equivalenceAlpha: policy.equivalenceAlpha * here };
}
