import type { Evaluation } from "../domain/judgement/evaluation.ts";
import { formatPercent, type Notation } from "./figures.ts";
import { describeConfidence, isPartial } from "./verdict-words.ts";

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
