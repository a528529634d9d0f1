import type { Evaluation, IndicatorChange } from "../../domain/judgement/evaluation.ts";
import { drawEffect, drawForestAxis, type ForestPanel, forestPanels } from "../charts/forest.ts";
import { armSign, judgementKey } from "../charts/marks.ts";
import {
  formatCount,
  formatNumber,
  formatPair,
  formatPercent,
  formatProbability,
  formatSetting,
  PAGE_NOTATION,
  scaled,
  scaleOf,
} from "../words/figures.ts";
import {
  describeDoubt,
  formatEffect,
  formatInterval,
  formatMargin,
  formatMinimumEffect,
  JUDGEMENT_WORD,
  judgementOf,
  JUDGEMENTS,
  sortByHarm,
} from "../words/judgement.ts";
import { type Markup, markup, NOTHING } from "../words/markup.ts";

const NO_GATE = markup`<p class="no-data" data-chart="forest">No data measured: there was no gate to judge.</p>`;

/** renderEffects gives the forest plot: one line a gate, its interval against its margin, the nearest to harm first. */
export function renderEffects(evaluation: Evaluation): Markup {
  const gates = sortByHarm(evaluation.changes.filter(({ gate }) => gate));
  return markup`<section id="effects" aria-labelledby="effects-title">
<h2 id="effects-title">Effects</h2>
<p class="lead">Every gate, the nearest to harm first. The line is the interval of the change, the mark its estimate, the grey
band the margin that was fixed before the run. Wholly inside the band is safe, wholly beyond it on the bad side is a regression,
across its edge cannot be told. Open a row for its figures.</p>
${keyOf()}
${gates.length === 0 ? NO_GATE : forestPanels(gates).map(renderPanel)}
</section>`;
}

function keyOf(): Markup {
  const words = JUDGEMENTS.map((judgement) => markup`<span>${judgementKey(judgement)} ${JUDGEMENT_WORD[judgement]}</span>`);
  return markup`<p class="legend">${words}<span><span class="band-key"></span> margin</span></p>`;
}

function renderPanel(panel: ForestPanel): Markup {
  const [toBetter, toWorse] =
    panel.better === "lower" ? ["← better (lower)", "worse (higher) →"] : ["← worse (lower)", "better (higher) →"];
  return markup`<figure class="forest" data-chart="forest">
<figcaption class="effect-row effect-head"><span>Gate</span><span class="axis-title"><span>${toBetter}</span>
<strong>${panel.title}</strong><span>${toWorse}</span></span><span class="figures">Change [interval]</span></figcaption>
${panel.rows.map((change) => renderRow(change, panel))}
<div class="effect-row effect-axis"><span></span>${drawForestAxis(panel)}<span></span></div>
</figure>`;
}

function renderRow(change: IndicatorChange, panel: ForestPanel): Markup {
  const judgement = judgementOf(change);
  const effect = formatEffect(change, PAGE_NOTATION);
  const [left, right] = [formatCount(change.n.baseline, PAGE_NOTATION), formatCount(change.n.candidate, PAGE_NOTATION)];
  const observations = `${left} and ${right} in ${change.blocks} blocks`;
  const weight = change.weight === undefined ? "" : ` by weight ${formatSetting(change.weight, PAGE_NOTATION)}`;
  const doubt = change.change === "inconclusive" ? markup`<p>${describeDoubt(change, PAGE_NOTATION)}.</p>` : NOTHING;
  return markup`<details class="effect"><summary class="effect-row">
<span class="effect-name">${judgementKey(judgement)}<span>${change.label}<small>${JUDGEMENT_WORD[judgement]}</small></span></span>
${drawEffect(change, panel)}
<span class="figures"><strong>${effect}</strong><span>${formatInterval(change, PAGE_NOTATION)}</span></span></summary>
<div class="effect-detail"><dl>
<div><dt>baseline → candidate</dt><dd>${formatPair(change.baseline, change.candidate, change.unit, PAGE_NOTATION)}</dd></div>
<div><dt>margin</dt><dd>${formatMargin(change, PAGE_NOTATION)}</dd></div>
<div><dt>interval level</dt><dd>${formatPercent(change.level, PAGE_NOTATION)}</dd></div>
<div><dt>p of worse than margin</dt>
<dd>${formatProbability(change.p, PAGE_NOTATION)}, corrected ${formatProbability(change.pAdjusted, PAGE_NOTATION)}${weight}</dd></div>
<div><dt>observations</dt>
<dd>${observations}</dd></div>
<div><dt>would have found</dt><dd>${formatMinimumEffect(change, PAGE_NOTATION)}</dd></div>
<div><dt>method</dt><dd>${change.method}</dd></div>
</dl>${doubt}${change.warnings.map((warning) => markup`<p class="warning">${warning}</p>`)}</div></details>`;
}

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
<tbody>${rows.map(renderIndicatorRow)}</tbody></table></div>`;
}

function renderIndicatorRow(change: IndicatorChange): Markup {
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
