import type { Evaluation, Verdict } from "../domain/judgement/evaluation.ts";
import { formatSetting, PAGE_NOTATION } from "./figures.ts";
import { JUDGEMENT_WORD, judgementOf, JUDGEMENTS } from "./judgement.ts";
import { answerLeaders } from "./leader-answers.ts";
import { type Markup, markup, NOTHING } from "./markup.ts";
import {
  describeBlindSpot,
  describeBlocks,
  describeInvariants,
  describeLoad,
  formatConfidence,
  VERDICT_WORD,
} from "./verdict-words.ts";

/** Each verdict has a shape as well as a word and a colour. */
const VERDICT_SHAPE: Readonly<Record<Verdict, Markup>> = {
  pass: markup`<path d="M8 19.5 15.5 27 30 11"/>`,
  fail: markup`<path d="M10 10 28 28M28 10 10 28"/>`,
  inconclusive: markup`<path d="M13 14.5c0-7.5 12.5-7 12.5.2 0 5-6.3 4.8-6.3 10M19.2 30v.6"/>`,
};

/** renderVerdict gives what a leader reads in thirty seconds: the word, one sentence, three answers, what to do next. */
export function renderVerdict(evaluation: Evaluation): Markup {
  const { verdict, releases, summary } = evaluation;
  const steps = evaluation.next.map((text) => markup`<li>${text}</li>`);
  return markup`<section id="verdict" class="verdict verdict-${verdict}" aria-labelledby="verdict-title">
<div class="banner"><svg class="verdict-shape" viewBox="0 0 38 38" width="46" height="46" aria-hidden="true">
<circle cx="19" cy="19" r="18"/>${VERDICT_SHAPE[verdict]}</svg>
<div><h1 id="verdict-title">
<span class="word">${VERDICT_WORD[verdict]}</span>
<span class="against">${releases.candidate.label} against ${releases.baseline.label}</span></h1>
<p class="summary">${summary}</p></div></div>
<dl class="facts">${renderConfidence(evaluation.confidence)}
<div><dt>Load</dt><dd>${describeLoad(evaluation, PAGE_NOTATION)}</dd></div>
<div><dt>Gates</dt><dd>${describeGateCounts(evaluation)}</dd></div>
<div><dt>Trust</dt><dd>${describeBlocks(evaluation)}; ${describeInvariants(evaluation)}</dd></div>${renderUnseen(evaluation)}</dl>
</section>
<section id="answers" aria-labelledby="answers-title"><h2 id="answers-title">Three answers</h2>
<div class="answers">${answerLeaders(evaluation, PAGE_NOTATION).map(
    (answer, index) => markup`<div class="answer ${answerClass(answer.isMeasured, index, verdict)}">
<p class="question">${answer.question}</p><p class="reply">${answer.answer}</p><p class="certainty">${answer.certainty}</p>
</div>`,
  )}</div>
</section>
<section id="action" class="action"><div id="next" class="next"><h2>Next</h2>
${steps.length === 0 ? markup`<p>Nothing to do.</p>` : markup`<ol>${steps}</ol>`}</div>${renderReasons(evaluation)}</section>`;
}

function answerClass(isMeasured: boolean, index: number, verdict: Verdict): string {
  if (!isMeasured) return "unmeasured";
  return index === 0 ? `verdict-${verdict}` : "measured";
}

function renderConfidence(confidence: number | null): Markup {
  const note = "share of joint resamples in which every gate stays inside its margin";
  if (confidence === null) return markup`<div><dt>Release confidence</dt><dd><strong>not estimated</strong></dd></div>`;
  const percent = formatSetting(Number((confidence * 100).toFixed(1)), PAGE_NOTATION);
  return markup`<div><dt>Release confidence</dt><dd>
<strong>${formatConfidence(confidence)}</strong>
<svg class="meter" width="120" height="8" role="img" aria-label="${percent} per cent">
<rect class="track" width="120" height="8" rx="4"/>
<rect class="fill" width="${(confidence * 120).toFixed(1)}" height="8" rx="4"/></svg> <small>${note}</small></dd></div>`;
}

/** What nobody looked at stands beside the verdict, with a way to what that costs. */
function renderUnseen({ unseen = [] }: Evaluation): Markup {
  if (unseen.length === 0) return NOTHING;
  const list = unseen.map((spot) => describeBlindSpot(spot)).join(", ");
  return markup`<div><dt>Not looked at</dt><dd><a href="#unseen">${list}</a></dd></div>`;
}

function describeGateCounts(evaluation: Evaluation): string {
  const gates = evaluation.changes.filter(({ gate }) => gate);
  const counts = JUDGEMENTS.map((judgement) => ({
    word: JUDGEMENT_WORD[judgement],
    count: gates.filter((change) => judgementOf(change) === judgement).length,
  })).filter(({ count }) => count > 0);
  return counts.length === 0 ? "none measured" : counts.map(({ word, count }) => `${count} ${word}`).join(", ");
}

function renderReasons(evaluation: Evaluation): Markup {
  if (evaluation.reasons.length === 0) return NOTHING;
  const items = evaluation.reasons.map(({ kind, text }) => markup`<li><span class="tag">${kind}</span> ${text}</li>`);
  return markup`<div id="reasons"><h2>What decided</h2><ul class="reasons">${items}</ul></div>`;
}
