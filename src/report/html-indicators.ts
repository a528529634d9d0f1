import type { Evaluation, IndicatorChange } from "../domain/judgement/evaluation.ts";
import { formatEffect, formatInterval, formatMargin, formatMinimumEffect } from "./effect-words.ts";
import { formatCount, formatNumber, formatPercent, formatProbability, PAGE_NOTATION } from "./figures.ts";
import { sortByHarm } from "./harm-order.ts";
import { JUDGEMENT_WORD, judgementOf } from "./judgement.ts";
import { type Markup, markup } from "./markup.ts";
import { scaled, scaleOf } from "./quantity.ts";
import { armSign, judgementKey } from "./svg-marks.ts";

/** renderIndicators gives every indicator with all that its judgement rests on: gates first, the nearest to harm first. */
export function renderIndicators(evaluation: Evaluation): Markup {
  const sorted = sortByHarm(evaluation.changes);
  const rows = [...sorted.filter(({ gate }) => gate), ...sorted.filter(({ gate }) => !gate)];
  if (rows.length === 0) return markup`<p class="no-data">No data measured: there is no indicator.</p>`;
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="All indicators"><table class="indicators">
<thead><tr><th scope="col">Indicator</th><th scope="col">Change</th><th scope="col">Role</th>
<th scope="col" class="num">${armSign("baseline")} Baseline</th>
<th scope="col" class="num">${armSign("candidate")} Candidate</th><th scope="col">Unit</th>
<th scope="col" class="num">Effect</th><th scope="col" class="num">Interval</th><th scope="col" class="num">Level</th>
<th scope="col">Margin</th><th scope="col" class="num">p</th><th scope="col" class="num">p corrected</th>
<th scope="col" class="num">n</th><th scope="col" class="num">Blocks</th><th scope="col" class="num">Would find</th>
<th scope="col" class="num">More min</th><th scope="col">Service, layer, kind</th><th scope="col">Method</th>
<th scope="col">Warnings</th></tr></thead>
<tbody>${rows.map(renderRow)}</tbody></table></div>`;
}

function renderRow(change: IndicatorChange): Markup {
  const scale = scaleOf(change.unit, [change.baseline, change.candidate]);
  const value = (of: number | null): string => formatNumber(scaled(of, scale), PAGE_NOTATION);
  const minutes = change.moreMinutes === null ? "" : formatCount(Math.ceil(change.moreMinutes), PAGE_NOTATION);
  const counts = `${formatCount(change.n.baseline, PAGE_NOTATION)} / ${formatCount(change.n.candidate, PAGE_NOTATION)}`;
  const level = formatPercent(change.level, PAGE_NOTATION);
  const numbers = [formatEffect(change, PAGE_NOTATION), formatInterval(change, PAGE_NOTATION), level].map(
    (text) => markup`<td class="num">${text}</td>`,
  );
  return markup`<tr id="indicator-${anchorOf(change.indicator)}">
<th scope="row">${change.label}<small>${change.indicator}</small></th>
<td class="nowrap">${judgementKey(judgementOf(change))} ${JUDGEMENT_WORD[judgementOf(change)]}</td>
<td>${change.gate ? "gate" : "advisory"}</td><td class="num">${value(change.baseline)}</td>
<td class="num">${value(change.candidate)}</td><td class="nowrap">${scale.unit}<small>${change.better} is better</small>
</td>${numbers}<td class="nowrap">${formatMargin(change, PAGE_NOTATION)}</td>
<td class="num">${formatProbability(change.p, PAGE_NOTATION)}</td>
<td class="num">${formatProbability(change.pAdjusted, PAGE_NOTATION)}</td><td class="num">${counts}</td>
<td class="num">${change.blocks}</td><td class="num">${formatMinimumEffect(change, PAGE_NOTATION)}</td>
<td class="num">${minutes}</td><td class="where">${change.service}, ${change.layer}, ${change.kind}</td>
<td class="wide">${change.method}</td><td class="wide">${change.warnings.join("; ")}</td></tr>`;
}

/** anchorOf makes a fragment of an indicator's id that needs no escaping in a link. */
function anchorOf(indicator: string): string {
  return indicator.replace(/[^A-Za-z0-9._-]+/g, "-");
}
