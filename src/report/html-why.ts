import { type AddedTime, type Attribution, type Evaluation, PART_WORDS } from "../domain/judgement/evaluation.ts";
import { serviceFalls, stepFalls } from "./added-time-falls.ts";
import { formatNumber, formatPercent, formatSigned, PAGE_NOTATION } from "./figures.ts";
import { renderErrorOrigins } from "./html-error-origins.ts";
import { renderStatementChanges } from "./html-statement-changes.ts";
import { type Markup, markup, NOTHING } from "./markup.ts";
import { drawWaterfall } from "./svg-added-time.ts";

/** renderWhy gives the causes: each finding with its statement, the added milliseconds of each step, and what is behind them. */
export function renderWhy(evaluation: Evaluation): Markup {
  const { attribution, verdict } = evaluation;
  const isHarm = evaluation.changes.some(({ change, gate }) => gate && change === "regressed");
  const nothing = isHarm
    ? "No probe explains the regression: the layer cannot be told."
    : verdict === "pass"
      ? "Nothing regressed, so there is no cause to name."
      : "No gate regressed, so no cause is named.";
  return markup`<section id="why" aria-labelledby="why-title">
<h2 id="why-title">Why</h2>
${attribution.length === 0 ? markup`<p>${nothing}</p>` : NOTHING}
${attribution.length === 0 ? NOTHING : markup`<ol class="causes">${attribution.map(renderCause)}</ol>`}
${drawAddedTime(evaluation)}${renderErrorOrigins(evaluation.errors ?? [])}${renderStatementChanges(evaluation.statements ?? [])}
</section>`;
}

/** A verdict that was stored before time was split by step has the findings of each service alone. */
function drawAddedTime({ addedTime, attribution }: Evaluation): Markup {
  if (addedTime !== undefined) return markup`${addedTime.map((time) => drawWaterfall(stepFalls(time), describeTime(time)))}`;
  const services = [...new Set(attribution.map(({ service }) => service))];
  const falls = services.map((service) => serviceFalls(attribution.filter((finding) => finding.service === service)));
  return markup`${falls.map((fall) => drawWaterfall(fall, NOTHING))}`;
}

function describeTime({ baselineMs, candidateMs, standardError, explained, layer, parts, missing }: AddedTime): Markup {
  const { gap } = PAGE_NOTATION;
  const number = (value: number): string => formatNumber(value, PAGE_NOTATION);
  const shared = parts.filter(({ known }) => known === "arm").map(({ part }) => PART_WORDS[part]);
  const sentences = [
    `Mean of good requests ${number(baselineMs)} → ${number(candidateMs)}${gap}ms, standard error of the difference ` +
      `${number(standardError)}${gap}ms; ${formatPercent(explained, PAGE_NOTATION)} explained, ` +
      `${layer === "cannot-tell" ? "too little to name a layer" : `most in layer ${layer}`}.`,
    shared.length === 0 ? "" : `Shared out from what was measured for the whole arm: ${shared.join(", ")}.`,
    missing.length === 0 ? "" : `Not read, and would tell more: ${missing.join(", ")}.`,
  ];
  return markup`<p class="muted">${sentences.filter((text) => text !== "").join(" ")}</p>`;
}

function renderCause({ service, layer, text, statement, addedCalls, addedMs, step }: Attribution): Markup {
  const figures = [
    addedCalls === null ? null : `${formatSigned(addedCalls, PAGE_NOTATION)} calls`,
    addedMs === null ? null : `${formatSigned(addedMs, PAGE_NOTATION)}${PAGE_NOTATION.gap}ms`,
  ].filter((figure) => figure !== null);
  const per = step === undefined ? "transaction" : "request";
  const added = figures.length === 0 ? NOTHING : markup`<span class="added">${figures.join(", ")} per ${per}</span>`;
  const where = layer === "cannot-tell" ? "layer cannot be told" : `layer ${layer}`;
  return markup`<li><p>${text}</p><p class="muted">
<span class="tag">${service}</span> <span class="tag">${where}</span> ${added}</p>
${statement === null ? NOTHING : markup`<pre><code>${statement}</code></pre>`}</li>`;
}
