import type { Finding } from "../domain/target/finding.ts";
import { type Target, unseenParts } from "../domain/target/target.ts";
import { blindSpotWords } from "../evaluator/blind-spot-words.ts";

/** unseenFindings tells what a run against the target will not look at, and what that costs its verdict. */
export function unseenFindings(target: Target): readonly Finding[] {
  return unseenParts(target).map(({ part, declared }) => {
    const { label, cost, remedy } = blindSpotWords[part];
    return {
      name: `unseen-${part}`,
      ok: false,
      needed: false,
      text: `${label}: ${declared ? "declared out of sight" : "not named"}: ${cost}`,
      remedy: declared ? remedy : `${remedy} Or declare ${part} under target.unseen.`,
    };
  });
}
