import type { Evidence } from "../domain/judgement/evidence.ts";
import type { Policy } from "../domain/judgement/policy.ts";
import { blocksArePairs } from "./between-run.ts";
import type { Usable } from "./estimate.ts";

/** fewestPairs: three pairs of runs are the fewest that show a spread; time blocks are cheap, so the policy asks for more of them. */
export const fewestPairs = 3;

/** neededBlocks is how many blocks it takes to tell noise from a change. */
export function neededBlocks(evidence: Evidence, policy: Policy): number {
  return blocksArePairs(evidence) ? fewestPairs : policy.minimumBlocks;
}

/**
 * filledBlocks counts the blocks in which both arms were measured. Empty blocks have no noise: an arm that fell silent after its
 * first block, or all of whose transactions lie in one, would look as quiet as no measurement ever is.
 */
export function filledBlocks(usable: Usable): number {
  if (usable.kind === "values") return bothHold(usable.blocks, ({ values }) => values.length > 0);
  if (usable.kind === "ratio") return bothHold(usable.blocks, ({ denominator }) => denominator > 0);
  return bothHold(usable.blocks, ({ exposure }) => exposure > 0);
}

function bothHold<Entry>(
  blocks: { readonly baseline: readonly Entry[]; readonly candidate: readonly Entry[] },
  holds: (entry: Entry) => boolean,
): number {
  return blocks.baseline.filter((entry, index) => {
    const other = blocks.candidate[index];
    return holds(entry) && other !== undefined && holds(other);
  }).length;
}
