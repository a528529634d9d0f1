import type { PerArm } from "../../domain/arm.ts";
import {
  type AddedTime,
  type Attribution,
  type ErrorOrigin,
  type Evaluation,
  PART_WORDS,
  type StatementChange,
} from "../../domain/judgement/evaluation.ts";
import { drawWaterfall, serviceFalls, stepFalls } from "../charts/added-time.ts";
import { formatCount, formatNumber, formatPair, formatPercent, formatSigned, PAGE_NOTATION } from "../words/figures.ts";
import { type Markup, markup, NOTHING } from "../words/markup.ts";

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

/** renderStatementChanges gives the SQL statements that ran more often or took more time, and all that was counted of them. */
export function renderStatementChanges(statements: readonly StatementChange[]): Markup {
  if (statements.length === 0) return NOTHING;
  return markup`<h3>SQL statements that ran more often or took more time</h3>
<p class="lead">Per transaction of the whole arm, baseline → candidate, as PostgreSQL counted them.</p>
<div class="scroll" tabindex="0" role="region" aria-label="SQL statements that ran more often or took more time"><table>
<thead><tr><th scope="col">Statement</th><th scope="col" class="num">Calls</th><th scope="col" class="num">Time, ms</th>
<th scope="col" class="num">Rows</th><th scope="col" class="num">Blocks</th><th scope="col" class="num">WAL</th></tr></thead>
<tbody>${statements.map(renderRow)}</tbody></table></div>`;
}

function renderRow({ statement, tables, calls, execMs, rows, blocks, walBytes }: StatementChange): Markup {
  const name = tables.length === 0 ? "no table" : tables.join(", ");
  return markup`<tr><th scope="row" class="statement">${name}<details><summary>text</summary>
<code>${statement}</code></details></th>
${[calls, execMs, rows, blocks].map((pair) => markup`<td class="num">${bothOf(pair)}</td>`)}
<td class="num">${formatPair(walBytes.baseline, walBytes.candidate, "bytes", PAGE_NOTATION)}</td></tr>`;
}

function bothOf({ baseline, candidate }: PerArm<number>): string {
  return `${formatNumber(baseline, PAGE_NOTATION)} → ${formatNumber(candidate, PAGE_NOTATION)}`;
}

/** renderErrorOrigins gives failed requests by step and by who failed them; nothing where none failed. */
export function renderErrorOrigins(errors: readonly ErrorOrigin[]): Markup {
  if (errors.length === 0) return NOTHING;
  return markup`<h3>Failed requests by origin</h3>
<div class="scroll" tabindex="0" role="region" aria-label="Failed requests by origin"><table>
<thead><tr><th scope="col">Step</th><th scope="col">Origin</th><th scope="col">Layer</th>
<th scope="col" class="num">Baseline, failed of all</th><th scope="col" class="num">Candidate, failed of all</th></tr></thead>
<tbody>${errors.map(
    ({ step, outcome, layer, failed, requests }) => markup`<tr><th scope="row">${step}</th><td>${outcome}</td><td>${layer}</td>
<td class="num">${shareOf(failed.baseline, requests.baseline)}</td>
<td class="num">${shareOf(failed.candidate, requests.candidate)}</td></tr>`,
  )}</tbody></table></div>`;
}

function shareOf(failed: number, requests: number): string {
  return `${formatCount(failed, PAGE_NOTATION)} of ${formatCount(requests, PAGE_NOTATION)}`;
}
