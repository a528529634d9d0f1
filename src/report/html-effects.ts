import type { Evaluation, IndicatorChange } from "../domain/judgement/evaluation.ts";
import { describeDoubt, formatEffect, formatInterval, formatMargin, formatMinimumEffect } from "./effect-words.ts";
import { formatCount, formatPercent, formatProbability, formatSetting, PAGE_NOTATION } from "./figures.ts";
import { type ForestPanel, forestPanels } from "./forest-panel.ts";
import { sortByHarm } from "./harm-order.ts";
import { JUDGEMENT_WORD, judgementOf, JUDGEMENTS } from "./judgement.ts";
import { type Markup, markup, NOTHING } from "./markup.ts";
import { formatPair } from "./quantity.ts";
import { drawEffect, drawForestAxis } from "./svg-forest.ts";
import { judgementKey } from "./svg-marks.ts";

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
