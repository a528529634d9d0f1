import type { Attribution, IndicatorChange } from "../domain/evaluation.ts";
import type { Evidence } from "../domain/evidence.ts";
import type { Decision } from "./verdict.ts";
import { formatNumber } from "./wording.ts";

/** summarise says the verdict in one sentence for a leader. */
export function summarise(decision: Decision, evidence: Evidence): string {
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
  return `${candidate} can be released: ${first}, against ${baseline} over ${load}.`;
}

/** nextActions says what to do now: remove the cause, remove what stood in the way, or load longer. */
export function nextActions(
  decision: Decision,
  changes: readonly IndicatorChange[],
  attribution: readonly Attribution[],
): string[] {
  const actions: string[] = [];
  if (decision.verdict === "fail") actions.push(...lookAt(changes, attribution));
  actions.push(...new Set(decision.remedies));
  if (decision.verdict === "inconclusive") actions.push(...loadLonger(changes), ...missingGates(changes));
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

function missingGates(changes: readonly IndicatorChange[]): string[] {
  const missing = changes.filter(({ gate, effect }) => gate && effect === null).map(({ label }) => label);
  if (missing.length === 0) return [];
  return [`Get data for ${missing.join(", ")}: run peakproof doctor to see which probe or scenario is silent, or load longer.`];
}
