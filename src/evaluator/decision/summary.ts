import { type Attribution, type BlindSpot, type IndicatorChange, isRegressed } from "../../domain/judgement/evaluation.ts";
import type { Evidence } from "../../domain/judgement/evidence.ts";
import { formatNumber } from "../../domain/judgement/wording.ts";
import { isCostly } from "./blind-spots.ts";
import type { Decision } from "./verdict.ts";

/** summarise words the verdict in one sentence for a leader; a FAIL is followed by `headline`, the sentence about its first cause. */
export function summarise(
  decision: Decision,
  { evidence, spots, headline }: { evidence: Evidence; spots: readonly BlindSpot[]; headline: string },
): string {
  const baseline = evidence.releases.baseline.label;
  const candidate = evidence.releases.candidate.label;
  const first = decision.reasons[0]?.text ?? "no evidence";
  const more = decision.against - 1;
  if (decision.verdict === "inconclusive") return `No verdict on ${candidate} yet: ${first}.`;
  if (decision.verdict === "fail") {
    const others = more > 0 ? `, and ${more} more ${more === 1 ? "finding" : "findings"}` : "";
    return `Do not release ${candidate}: ${first}${others}.${headline === "" ? "" : ` ${headline}`}`;
  }
  const done = evidence.volumes.reduce((total, { achieved }) => total + achieved, 0);
  const transactions = done > 0 ? ` and ${formatNumber(done)} transactions` : "";
  const load = `${formatNumber(evidence.loadMs / 60_000)} minutes of load${transactions}`;
  // A PASS with unseen parts is limited, and its summary must say so.
  const blind = spots.filter((spot) => isCostly(spot)).map(({ label }) => label);
  const seen = blind.length === 0 ? "" : " as far as observed";
  const unseen = blind.length === 0 ? "" : ` Not observed: ${blind.join(", ")}.`;
  return `${candidate} can be released${seen}: ${first}, against ${baseline} over ${load}.${unseen}`;
}

/** nextActions are the next steps: remove the cause of a FAIL, remove what bars a verdict, or load longer. */
export function nextActions(
  decision: Decision,
  changes: readonly IndicatorChange[],
  { attribution, spots }: { attribution: readonly Attribution[]; spots: readonly BlindSpot[] },
): string[] {
  const actions: string[] = [];
  if (decision.verdict === "fail") actions.push(...lookAt(changes, attribution));
  actions.push(...new Set(decision.remedies));
  if (decision.verdict === "inconclusive") actions.push(...loadLonger(changes), ...showUnseen(spots), ...missingGates(changes));
  if (decision.verdict === "pass") actions.push("No measurement is against the release; keep the bundle as evidence.");
  if (actions.length === 0) actions.push("Read the reasons, then run the campaign again.");
  return actions;
}

function lookAt(changes: readonly IndicatorChange[], attribution: readonly Attribution[]): string[] {
  const causes = attribution.filter(({ layer }) => layer !== "cannot-tell").slice(0, 2);
  if (causes.length > 0) return causes.map(({ service, text }) => `${service}: find the change behind this: ${text}.`);
  const worst = changes.find((change) => change.gate && isRegressed(change));
  return worst === undefined
    ? ["Inspect the records that the reasons name."]
    : [`Inspect ${worst.label}: no single cause was measured.`];
}

function loadLonger(changes: readonly IndicatorChange[]): string[] {
  const open = changes.filter(
    ({ gate, effect, notWorse, change }) => gate && effect !== null && !notWorse && change === "inconclusive",
  );
  const minutes = open.map(({ moreMinutes }) => moreMinutes).filter((each) => each !== null);
  if (open.length === 0) return [];
  if (minutes.length < open.length) {
    const stuck = open.filter(({ moreMinutes }) => moreMinutes === null).map(({ label }) => label);
    return [
      `No reasonable amount of load decides ${stuck.join(", ")}: reduce other work on the machine, or review the margin in the policy.`,
    ];
  }
  const most = Math.max(...minutes);
  const labels = open.map(({ label }) => label).join(", ");
  return [`Load about ${most} more ${most === 1 ? "minute" : "minutes"}: that would probably decide ${labels}.`];
}

/** showUnseen names parts that the config neither sets up nor declares as unseen: their gates never have data. */
function showUnseen(spots: readonly BlindSpot[]): string[] {
  return spots
    .filter((spot) => !spot.declared && isCostly(spot))
    .map(
      ({ part, remedy }) =>
        `${remedy} If that is not possible, declare ${part} under target.unseen: the verdict then reports it as unseen.`,
    );
}

function missingGates(changes: readonly IndicatorChange[]): string[] {
  const missing = changes.filter(({ gate, effect }) => gate && effect === null).map(({ label }) => label);
  if (missing.length === 0) return [];
  return [`Get data for ${missing.join(", ")}: run peakproof doctor to find the probe or scenario without data, or load longer.`];
}
