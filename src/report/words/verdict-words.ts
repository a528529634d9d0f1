import type { BlindSpot, Evaluation, Verdict } from "../../domain/judgement/evaluation.ts";
import { formatDuration, formatPercent, formatPlural, type Notation } from "./figures.ts";

export const VERDICT_WORD: Readonly<Record<Verdict, string>> = {
  pass: "PASS",
  fail: "FAIL",
  inconclusive: "INCONCLUSIVE",
};

/** describeReleases says what was compared: `1.2 against 1.1`. */
export function describeReleases(evaluation: Evaluation): string {
  return `${evaluation.releases.candidate.label} against ${evaluation.releases.baseline.label}`;
}

export function describeConfidence(evaluation: Evaluation): string {
  const { confidence } = evaluation;
  return confidence === null ? "release confidence not estimated" : `release confidence ${formatConfidence(confidence)}`;
}

/** formatConfidence gives two decimals, and never rounds a doubt away: 0.999 is not 1. */
export function formatConfidence(confidence: number): string {
  if (confidence > 0.99 && confidence < 1) return ">0.99";
  if (confidence > 0 && confidence < 0.01) return "<0.01";
  return confidence.toFixed(2);
}

/** describeLoad says how long and how much: `4 min of load, 412 checkouts, 1,284 orders`. */
export function describeLoad(evaluation: Evaluation, notation: Notation): string {
  const volumes = evaluation.load.volumes.map((volume) => formatPlural(volume.achieved, volume.unit, notation));
  return [`${formatDuration(evaluation.load.loadMs, notation)} of load`, ...volumes].join(", ");
}

export function describeBlocks(evaluation: Evaluation): string {
  return `${evaluation.load.blocksLeftOut} of ${evaluation.load.blocks} blocks left out`;
}

export function describeGates(evaluation: Evaluation, notation: Notation): string {
  const { alpha, gates, looks, alphaSpent } = evaluation.method;
  const spent = looks === null ? "" : `, look ${looks}, ${formatPercent(alphaSpent, notation)} spent`;
  return `alpha ${formatPercent(alpha, notation)} over ${gates} ${gates === 1 ? "gate" : "gates"}${spent}`;
}

/** describeInvariants counts what was checked; a rule that was not checked is never counted as intact. */
export function describeInvariants(evaluation: Evaluation): string {
  const { invariants } = evaluation;
  if (invariants.length === 0) return "no invariants checked";
  const count = (status: string): number => invariants.filter((result) => result.status === status).length;
  const broken = count("broken") > 0 ? `, ${count("broken")} broken` : "";
  const skipped = count("not-checked") > 0 ? `, ${count("not-checked")} not checked` : "";
  return `invariants ${count("intact")} of ${invariants.length} intact${broken}${skipped}`;
}

/** isPartial tells a verdict that was found without gates, or without the business rules, that the config declared out of sight. */
export function isPartial({ unseen = [] }: Evaluation): boolean {
  return unseen.some(({ part, declared, gates }) => declared && (gates.length > 0 || part === "business-rules"));
}

/** describeBlindSpot names a part that nobody looked at, and how many gates are missing, or without data, for that. */
export function describeBlindSpot({ label, declared, gates }: BlindSpot): string {
  const count = `${gates.length} ${gates.length === 1 ? "gate" : "gates"}`;
  if (gates.length === 0) return `${label} (${declared ? "declared" : "not named in the config"})`;
  return declared ? `${label} (declared; ${count} taken out)` : `${label} (not named in the config; ${count} without data)`;
}

/** LeaderAnswer is one of the three questions that every report answers, be it with "not measured". */
export interface LeaderAnswer {
  readonly question: string;
  readonly answer: string;
  readonly certainty: string;
  readonly isMeasured: boolean;
}

const SAFE_WORD = { pass: "Yes", fail: "No", inconclusive: "Cannot tell yet" } as const;

export function answerLeaders(evaluation: Evaluation, notation: Notation): readonly LeaderAnswer[] {
  return [
    {
      question: "Can we release safely?",
      answer:
        evaluation.verdict === "pass" && isPartial(evaluation) ? "Yes, as far as was looked" : SAFE_WORD[evaluation.verdict],
      certainty: capitalised(`${describeConfidence(evaluation)}.`),
      isMeasured: true,
    },
    {
      question: "Can we recover quickly?",
      answer: "Not measured",
      certainty: "Nothing was broken on purpose in this comparison. A drill measures recovery.",
      isMeasured: false,
    },
    {
      question: "Can the platform carry the peak?",
      answer: "Not measured",
      certainty: `${describeCarried(evaluation, notation)} A rehearsal at peak rates measures it.`,
      isMeasured: false,
    },
  ];
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** describeCarried says what the run did show, so that nobody takes it for the peak. */
function describeCarried(evaluation: Evaluation, notation: Notation): string {
  const planned = evaluation.load.volumes.filter((volume) => volume.planned !== null && volume.planned > 0);
  if (planned.length === 0) return "The planned load is not known.";
  const worst = Math.min(...planned.map((volume) => volume.achieved / (volume.planned ?? 1)));
  const carried = formatPercent(Math.min(1, worst), notation);
  return `This run, at its own rates, carried at least ${carried} of the plan in every service.`;
}
