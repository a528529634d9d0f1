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
import { numberHeads, scrollTable, textHeads } from "./table.ts";

const STATEMENTS_TITLE = "SQL statements with more calls or more time";
const ERRORS_TITLE = "Failed requests by origin";

/** renderWhy renders the causes: findings with their SQL statements, added time by step, failed requests, changed statements. */
export function renderWhy(evaluation: Evaluation): Markup {
  const { attribution } = evaluation;
  const causes = markup`<ol class="causes">${attribution.map(renderCause)}</ol>`;
  return markup`<section id="why" aria-labelledby="why-title">
<h2 id="why-title">Causes</h2>
${attribution.length === 0 ? markup`<p>${describeNoCause(evaluation)}</p>` : causes}
${renderAddedTime(evaluation)}${renderErrorOrigins(evaluation.errors ?? [])}${renderStatementChanges(evaluation.statements ?? [])}
</section>`;
}

function describeNoCause({ changes, verdict }: Evaluation): string {
  const isHarm = changes.some(({ change, gate }) => gate && change === "regressed");
  if (isHarm) return "No probe explains the regression, so its layer is unknown.";
  return verdict === "pass" ? "Nothing regressed." : "No gate regressed, so there is no cause to report.";
}

function renderCause({ service, layer, text, statement, addedCalls, addedMs, step }: Attribution): Markup {
  const figures = [
    addedCalls === null ? null : `${formatSigned(addedCalls, PAGE_NOTATION)} calls`,
    addedMs === null ? null : `${formatSigned(addedMs, PAGE_NOTATION)}${PAGE_NOTATION.gap}ms`,
  ].filter((figure) => figure !== null);
  const per = step === undefined ? "transaction" : "request";
  const added = figures.length === 0 ? NOTHING : markup`<span class="added">${figures.join(", ")} per ${per}</span>`;
  const where = layer === "cannot-tell" ? "layer unknown" : `layer ${layer}`;
  return markup`<li><p>${text}</p><p class="muted">
<span class="tag">${service}</span> <span class="tag">${where}</span> ${added}</p>
${statement === null ? NOTHING : markup`<pre><code>${statement}</code></pre>`}</li>`;
}

/** renderAddedTime renders a waterfall for each step. Verdicts of earlier versions have only the findings of each service. */
function renderAddedTime({ addedTime, attribution }: Evaluation): Markup {
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
    `Mean latency of successful requests: ${number(baselineMs)} → ${number(candidateMs)}${gap}ms ` +
      `(standard error of the difference ${number(standardError)}${gap}ms). ` +
      `${formatPercent(explained, PAGE_NOTATION)} of the added time is explained, ` +
      `${layer === "cannot-tell" ? "too little to name a layer" : `most of it in layer ${layer}`}.`,
    shared.length === 0 ? "" : `Estimated from measurements of the whole arm: ${shared.join(", ")}.`,
    missing.length === 0 ? "" : `Not recorded, but would explain more: ${missing.join(", ")}.`,
  ];
  return markup`<p class="muted">${sentences.filter((text) => text !== "").join(" ")}</p>`;
}

/** renderErrorOrigins renders failed requests by step and origin; nothing if no request failed. */
function renderErrorOrigins(errors: readonly ErrorOrigin[]): Markup {
  if (errors.length === 0) return NOTHING;
  const rows = errors.map(
    ({ step, outcome, layer, failed, requests }) => markup`<tr><th scope="row">${step}</th><td>${outcome}</td><td>${layer}</td>
<td class="num">${shareOf(failed.baseline, requests.baseline)}</td>
<td class="num">${shareOf(failed.candidate, requests.candidate)}</td></tr>`,
  );
  const head = [
    ...textHeads("Step", "Origin", "Layer"),
    ...numberHeads("Failed requests, baseline", "Failed requests, candidate"),
  ];
  return markup`<h3>${ERRORS_TITLE}</h3>
${scrollTable({ label: ERRORS_TITLE }, head, rows)}`;
}

function shareOf(failed: number, requests: number): string {
  return `${formatCount(failed, PAGE_NOTATION)} of ${formatCount(requests, PAGE_NOTATION)}`;
}

/** renderStatementChanges renders the SQL statements with more calls or more time, and their other counters. */
function renderStatementChanges(statements: readonly StatementChange[]): Markup {
  if (statements.length === 0) return NOTHING;
  const head = [...textHeads("Statement"), ...numberHeads("Calls", "Time, ms", "Rows", "Blocks", "WAL")];
  return markup`<h3>${STATEMENTS_TITLE}</h3>
<p class="lead">Per transaction of the whole arm, baseline → candidate. Source: pg_stat_statements.</p>
${scrollTable({ label: STATEMENTS_TITLE }, head, statements.map(renderStatement))}`;
}

function renderStatement({ statement, tables, calls, execMs, rows, blocks, walBytes }: StatementChange): Markup {
  const name = tables.length === 0 ? "no table" : tables.join(", ");
  return markup`<tr><th scope="row" class="statement">${name}<details><summary>SQL text</summary>
<code>${statement}</code></details></th>
${[calls, execMs, rows, blocks].map((pair) => markup`<td class="num">${bothOf(pair)}</td>`)}
<td class="num">${formatPair(walBytes.baseline, walBytes.candidate, "bytes", PAGE_NOTATION)}</td></tr>`;
}

function bothOf({ baseline, candidate }: PerArm<number>): string {
  return `${formatNumber(baseline, PAGE_NOTATION)} → ${formatNumber(candidate, PAGE_NOTATION)}`;
}
