import type { BlindSpot, Evaluation, Verdict } from "../../domain/judgement/evaluation.ts";
import { formatDuration, formatPercent, formatPlural, type Notation, TEXT_NOTATION } from "./figures.ts";

/** VERDICT_WORD holds the label of each verdict. */
export const VERDICT_WORD: Readonly<Record<Verdict, string>> = {
  pass: "PASS",
  fail: "FAIL",
  inconclusive: "INCONCLUSIVE",
};

/** LeaderAnswer is one of the three questions that the first screen of a page answers; the answer can be "Not measured". */
export interface LeaderAnswer {
  readonly question: string;
  readonly answer: string;
  readonly certainty: string;
  readonly isMeasured: boolean;
}

const SAFE_WORD = { pass: "Yes", fail: "No", inconclusive: "Not decided yet" } as const;

/** describeReleases names candidate and baseline: `1.2 against 1.1`. */
export function describeReleases(evaluation: Evaluation): string {
  return `${evaluation.releases.candidate.label} against ${evaluation.releases.baseline.label}`;
}

/** describeConfidence returns `release confidence 0.99`, or that it was not estimated. */
export function describeConfidence(evaluation: Evaluation): string {
  const { confidence } = evaluation;
  return confidence === null ? "release confidence not estimated" : `release confidence ${formatConfidence(confidence)}`;
}

/** formatConfidence returns two decimals. Values next to 0 and 1 become "<0.01" and ">0.99", never "0.00" or "1.00". */
export function formatConfidence(confidence: number): string {
  if (confidence > 0.99 && confidence < 1) return ">0.99";
  if (confidence > 0 && confidence < 0.01) return "<0.01";
  return confidence.toFixed(2);
}

/** describeLoad returns duration and volumes of the load: `4 min of load, 412 checkouts, 1,284 orders`. */
export function describeLoad(evaluation: Evaluation, notation: Notation): string {
  const volumes = evaluation.load.volumes.map((volume) => formatPlural(volume.achieved, volume.unit, notation));
  return [`${formatDuration(evaluation.load.loadMs, notation)} of load`, ...volumes].join(", ");
}

/** describeBlocks counts the blocks that were excluded from the estimates: `2 of 24 blocks excluded`. */
export function describeBlocks(evaluation: Evaluation): string {
  return `${evaluation.load.blocksLeftOut} of ${evaluation.load.blocks} blocks excluded`;
}

/** describeGates returns alpha, the number of gates and, in a campaign, the number of looks and the alpha that they spent. */
export function describeGates(evaluation: Evaluation, notation: Notation): string {
  const { alpha, gates, looks, alphaSpent } = evaluation.method;
  const spent = looks === null ? "" : `, look ${looks}, ${formatPercent(alphaSpent, notation)} spent`;
  return `alpha ${formatPercent(alpha, notation)} over ${formatPlural(gates, "gate", notation)}${spent}`;
}

/** describeInvariants counts the invariants by status. An invariant that was not checked does not count as intact. */
export function describeInvariants(evaluation: Evaluation): string {
  const { invariants } = evaluation;
  if (invariants.length === 0) return "no invariants checked";
  const count = (status: string): number => invariants.filter((result) => result.status === status).length;
  const broken = count("broken") > 0 ? `, ${count("broken")} broken` : "";
  const skipped = count("not-checked") > 0 ? `, ${count("not-checked")} not checked` : "";
  return `${count("intact")} of ${invariants.length} invariants intact${broken}${skipped}`;
}

/** describeBlindSpot names a part that was not observed, and the number of gates that were removed or have no data. */
export function describeBlindSpot({ label, declared, gates }: BlindSpot): string {
  const status = declared ? "declared in the config" : "not in the config";
  if (gates.length === 0) return `${label} (${status})`;
  return `${label} (${status}; ${formatPlural(gates.length, "gate", TEXT_NOTATION)} ${declared ? "removed" : "without data"})`;
}

/** answerLeaders answers the three questions of a shop leader: release safety, recovery, peak capacity. */
export function answerLeaders(evaluation: Evaluation, notation: Notation): readonly LeaderAnswer[] {
  return [
    {
      question: "Can we release safely?",
      answer:
        evaluation.verdict === "pass" && isPartial(evaluation) ? "Yes, for the observed parts" : SAFE_WORD[evaluation.verdict],
      certainty: capitalised(`${describeConfidence(evaluation)}.`),
      isMeasured: true,
    },
    {
      question: "Can we recover quickly?",
      answer: "Not measured",
      certainty: "No fault was injected in this comparison. A drill measures recovery.",
      isMeasured: false,
    },
    {
      question: "Can the platform handle the peak?",
      answer: "Not measured",
      certainty: `${describeCarried(evaluation, notation)} A run at peak rates measures it.`,
      isMeasured: false,
    },
  ];
}

/** isPartial says whether the config declared parts unobserved that gates or the business rules need. */
function isPartial({ unseen = [] }: Evaluation): boolean {
  return unseen.some(({ part, declared, gates }) => declared && (gates.length > 0 || part === "business-rules"));
}

/** describeCarried returns the lowest share of planned transactions that a service achieved in this run. */
function describeCarried(evaluation: Evaluation, notation: Notation): string {
  const planned = evaluation.load.volumes.filter((volume) => volume.planned !== null && volume.planned > 0);
  if (planned.length === 0) return "The planned load is unknown.";
  const worst = Math.min(...planned.map((volume) => volume.achieved / (volume.planned ?? 1)));
  const carried = formatPercent(Math.min(1, worst), notation);
  return `At the rates of this run, every service achieved at least ${carried} of its planned load.`;
}

/** capitalised returns text with a capital first letter. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
