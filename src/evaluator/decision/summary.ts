import type { Attribution, BlindSpot, IndicatorChange } from "../../domain/judgement/evaluation.ts";
import type { Evidence } from "../../domain/judgement/evidence.ts";
import { formatNumber } from "../effects/wording.ts";
import { isCostly } from "./blind-spots.ts";
import type { Decision } from "./verdict.ts";

/** summarise says the verdict in one sentence for a leader. */
export function summarise(decision: Decision, evidence: Evidence, spots: readonly BlindSpot[]): string {
  const baseline = evidence.releases.baseline.label;
  const candidate = evidence.releases.candidate.label;
  const first = decision.reasons[0]?.text ?? "no evidence";
  const more = decision.against - 1;
  if (decision.verdict === "inconclusive") return `No verdict on ${candidate} yet: ${first}.`;
  if (decision.verdict === "fail") {
    const others = more > 0 ? `, and ${more} more ${more === 1 ? "finding" : "findings"}` : "";
    return `Do not release ${candidate}: ${first}${others}.`;
  }
  const done = evidence.volumes.reduce((total, { achieved }) => total + achieved, 0);
  const transactions = done > 0 ? ` and ${formatNumber(done)} transactions` : "";
  const load = `${formatNumber(evidence.loadMs / 60_000)} minutes of load${transactions}`;
  // Found with fewer eyes, a pass says less, and says so in the sentence that everybody reads.
  const blind = spots.filter((spot) => isCostly(spot)).map(({ label }) => label);
  const seen = blind.length === 0 ? "" : " as far as could be seen";
  const unseen = blind.length === 0 ? "" : ` Not looked at: ${blind.join(", ")}.`;
  return `${candidate} can be released${seen}: ${first}, against ${baseline} over ${load}.${unseen}`;
}

/** nextActions says what to do now: remove the cause, remove what stood in the way, or load longer. */
export function nextActions(
  decision: Decision,
  changes: readonly IndicatorChange[],
  { attribution, spots }: { attribution: readonly Attribution[]; spots: readonly BlindSpot[] },
): string[] {
  const actions: string[] = [];
  if (decision.verdict === "fail") actions.push(...lookAt(changes, attribution));
  actions.push(...new Set(decision.remedies));
  if (decision.verdict === "inconclusive") actions.push(...loadLonger(changes), ...openEyes(spots), ...missingGates(changes));
  if (decision.verdict === "pass")
    actions.push("Nothing measured here stands against the release; keep the bundle as its evidence.");
  if (actions.length === 0) actions.push("Read the reasons, then run the campaign again.");
  return actions;
}

function lookAt(changes: readonly IndicatorChange[], attribution: readonly Attribution[]): string[] {
  const causes = attribution.filter(({ layer }) => layer !== "cannot-tell").slice(0, 2);
  if (causes.length > 0) return causes.map(({ service, text }) => `${service}: find what was changed here: ${text}.`);
  const worst = changes.find(({ gate, change }) => gate && change === "regressed");
  return worst === undefined
    ? ["Look at the records named in the reasons."]
    : [`Look at ${worst.label}: no single cause was measured.`];
}

function loadLonger(changes: readonly IndicatorChange[]): string[] {
  const open = changes.filter(
    ({ gate, notWorse, effect, change }) => gate && !notWorse && effect !== null && change === "inconclusive",
  );
  const minutes = open.map(({ moreMinutes }) => moreMinutes).filter((each) => each !== null);
  if (open.length === 0) return [];
  if (minutes.length < open.length) {
    const stuck = open.filter(({ moreMinutes }) => moreMinutes === null).map(({ label }) => label);
    return [`No reasonable amount of load decides ${stuck.join(", ")}: quieten the machine, or review the margin in the policy.`];
  }
  return [
    `Load about ${Math.max(...minutes)} more minutes: that would probably decide ${open.map(({ label }) => label).join(", ")}.`,
  ];
}

/** What the target does not name, and the config does not declare either, leaves gates without data for ever. */
function openEyes(spots: readonly BlindSpot[]): string[] {
  return spots
    .filter((spot) => !spot.declared && isCostly(spot))
    .map(
      ({ part, remedy }) =>
        `${remedy} If that cannot be, declare ${part} under target.unseen: the verdict then says what it did not see.`,
    );
}

function missingGates(changes: readonly IndicatorChange[]): string[] {
  const missing = changes.filter(({ gate, effect }) => gate && effect === null).map(({ label }) => label);
  if (missing.length === 0) return [];
  return [`Get data for ${missing.join(", ")}: run peakproof doctor to see which probe or scenario is silent, or load longer.`];
}
