import type { Evaluation, Verdict } from "../../domain/judgement/evaluation.ts";
import { formatSetting, PAGE_NOTATION } from "../words/figures.ts";
import { JUDGEMENT_WORD, judgementOf, JUDGEMENTS } from "../words/judgement.ts";
import { type Markup, markup, NOTHING } from "../words/markup.ts";
import {
  answerLeaders,
  describeBlindSpot,
  describeBlocks,
  describeInvariants,
  describeLoad,
  describeReleases,
  formatConfidence,
  VERDICT_WORD,
} from "../words/verdict-words.ts";
import { renderEffects } from "./effects.ts";
import { renderEvidence } from "./evidence.ts";
import { renderServices } from "./services.ts";
import { PAGE_STYLE } from "./style.ts";
import { renderTimelines } from "./timelines.ts";
import { renderWhy } from "./why.ts";

/** SECTIONS are the ids and names of the sections in the navigation. */
const SECTIONS = [
  ["services", "Services"],
  ["effects", "Effects"],
  ["timelines", "Timelines"],
  ["why", "Causes"],
  ["evidence", "Evidence"],
] as const;

/** VERDICT_SHAPE holds a different shape for each verdict, so that the page does not depend on colour. */
const VERDICT_SHAPE: Readonly<Record<Verdict, Markup>> = {
  pass: markup`<path d="M8 19.5 15.5 27 30 11"/>`,
  fail: markup`<path d="M10 10 28 28M28 10 10 28"/>`,
  inconclusive: markup`<path d="M13 14.5c0-7.5 12.5-7 12.5.2 0 5-6.3 4.8-6.3 10M19.2 30v.6"/>`,
};

/**
 * renderHtml renders one self-contained page: no network access (its Content-Security-Policy forbids it), no scripts, no fonts.
 * The page supports print, dark mode and phones.
 */
export function renderHtml(evaluation: Evaluation): string {
  const title = `${VERDICT_WORD[evaluation.verdict]}: ${describeReleases(evaluation)}`;
  const links = SECTIONS.map(([id, name]) => markup`<a href="#${id}">${name}</a>`);
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="generator" content="peakproof">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${{ markup: PAGE_STYLE }}</style>
</head>
<body>
<svg width="0" height="0" class="patterns" aria-hidden="true"><defs>
<pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect width="7" height="7" class="hatch-ground"/><line x1="0" x2="0" y1="0" y2="7" class="hatch-line"/></pattern></defs></svg>
<header class="top"><a class="name" href="#verdict">peakproof</a><nav aria-label="Sections">${links}</nav></header>
<main>
${renderVerdict(evaluation)}
${renderServices(evaluation)}
${renderEffects(evaluation)}
${renderTimelines(evaluation)}
${renderWhy(evaluation)}
${renderEvidence(evaluation)}
</main>
<footer><p>The load started at ${evaluation.load.startedAt}. All figures on this page are also in the JSON verdict.</p></footer>
</body>
</html>
`;
  return page.markup;
}

/** renderVerdict renders the first screen: verdict, summary, key facts, three answers for leaders, next steps and reasons. */
function renderVerdict(evaluation: Evaluation): Markup {
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
<div><dt>Validity</dt><dd>${describeBlocks(evaluation)}; ${describeInvariants(evaluation)}</dd></div>${renderUnseen(evaluation)}</dl>
</section>
<section id="answers" aria-labelledby="answers-title"><h2 id="answers-title">Key questions</h2>
<div class="answers">${answerLeaders(evaluation, PAGE_NOTATION).map(
    (answer, index) => markup`<div class="answer ${answerClass(answer.isMeasured, index, verdict)}">
<p class="question">${answer.question}</p><p class="reply">${answer.answer}</p><p class="certainty">${answer.certainty}</p>
</div>`,
  )}</div>
</section>
<section id="action" class="action"><div id="next" class="next"><h2>Next steps</h2>
${steps.length === 0 ? markup`<p>No action is needed.</p>` : markup`<ol>${steps}</ol>`}</div>${renderReasons(evaluation)}</section>`;
}

function renderConfidence(confidence: number | null): Markup {
  const note = "share of joint bootstrap resamples in which every gate stays within its margin";
  if (confidence === null) return markup`<div><dt>Release confidence</dt><dd><strong>not estimated</strong></dd></div>`;
  const percent = formatSetting(Number((confidence * 100).toFixed(1)), PAGE_NOTATION);
  return markup`<div><dt>Release confidence</dt><dd>
<strong>${formatConfidence(confidence)}</strong>
<svg class="meter" width="120" height="8" role="img" aria-label="${percent} per cent">
<rect class="track" width="120" height="8" rx="4"/>
<rect class="fill" width="${(confidence * 120).toFixed(1)}" height="8" rx="4"/></svg> <small>${note}</small></dd></div>`;
}

function describeGateCounts(evaluation: Evaluation): string {
  const gates = evaluation.changes.filter(({ gate }) => gate);
  const counts = JUDGEMENTS.map((judgement) => ({
    word: JUDGEMENT_WORD[judgement],
    count: gates.filter((change) => judgementOf(change) === judgement).length,
  })).filter(({ count }) => count > 0);
  return counts.length === 0 ? "none measured" : counts.map(({ word, count }) => `${count} ${word}`).join(", ");
}

/** renderUnseen lists the parts that were not observed, with a link to the details. */
function renderUnseen({ unseen = [] }: Evaluation): Markup {
  if (unseen.length === 0) return NOTHING;
  const list = unseen.map((spot) => describeBlindSpot(spot)).join(", ");
  return markup`<div class="whole"><dt>Not observed</dt><dd><a href="#unseen">${list}</a></dd></div>`;
}

function answerClass(isMeasured: boolean, index: number, verdict: Verdict): string {
  if (!isMeasured) return "unmeasured";
  return index === 0 ? `verdict-${verdict}` : "measured";
}

function renderReasons(evaluation: Evaluation): Markup {
  if (evaluation.reasons.length === 0) return NOTHING;
  const items = evaluation.reasons.map(({ kind, text }) => markup`<li><span class="tag">${kind}</span> ${text}</li>`);
  return markup`<div id="reasons"><h2>Reasons for the verdict</h2><ul class="reasons">${items}</ul></div>`;
}
