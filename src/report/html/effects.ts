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
import { numberHeads, scrollTable, textHeads } from "./table.ts";

const NO_GATE = markup`<p class="no-data" data-chart="forest">No data: no gate was measured.</p>`;

/** INDICATOR_HEAD follows the cells of renderIndicatorRow. */
const INDICATOR_HEAD = [
  ...textHeads("Indicator", "Change", "Role"),
  ...numberHeads(markup`${armSign("baseline")} Baseline`, markup`${armSign("candidate")} Candidate`),
  ...textHeads("Unit"),
  ...numberHeads("Effect", "Interval", "Level"),
  ...textHeads("Margin"),
  ...numberHeads("p", "Adjusted p", "n", "Blocks", "MDE", "Extra min"),
  ...textHeads("Service, layer, kind", "Method", "Warnings"),
];

/** renderEffects renders the forest plot: one row per gate with its interval and margin, the closest to harm first. */
export function renderEffects(evaluation: Evaluation): Markup {
  const gates = sortByHarm(evaluation.changes.filter(({ gate }) => gate));
  return markup`<section id="effects" aria-labelledby="effects-title">
<h2 id="effects-title">Effects</h2>
<p class="lead">All gates, the closest to harm first. The line is the confidence interval of the change, the symbol is the
estimate, and the grey band is the margin, which was fixed before the run. Interval inside the band: equivalent. Beyond the harmful
edge: regressed. Across the harmful edge: inconclusive. Across only the other edge: not worse. Beyond the other edge: improved.
Open a row for its figures.</p>
${renderKey()}
${gates.length === 0 ? NO_GATE : forestPanels(gates).map(renderPanel)}
</section>`;
}

function renderKey(): Markup {
  const words = JUDGEMENTS.map((judgement) => markup`<span>${judgementKey(judgement)} ${JUDGEMENT_WORD[judgement]}</span>`);
  return markup`<p class="legend">${words}<span><span class="band-key"></span> margin</span></p>`;
}

function renderPanel(panel: ForestPanel): Markup {
  const [toBetter, toWorse] =
    panel.better === "lower" ? ["← better (lower)", "worse (higher) →"] : ["← worse (lower)", "better (higher) →"];
  return markup`<figure class="forest" data-chart="forest">
<figcaption class="effect-row effect-head"><span>Gate</span><span class="axis-title"><span>${toBetter}</span>
<strong>${panel.title}</strong><span>${toWorse}</span></span><span class="figures">Change [interval]</span></figcaption>
${panel.rows.map((change) => renderEffectRow(change, panel))}
<div class="effect-row effect-axis"><span></span>${drawForestAxis(panel)}<span></span></div>
</figure>`;
}

function renderEffectRow(change: IndicatorChange, panel: ForestPanel): Markup {
  const judgement = judgementOf(change);
  const effect = formatEffect(change, PAGE_NOTATION);
  const [left, right] = [formatCount(change.n.baseline, PAGE_NOTATION), formatCount(change.n.candidate, PAGE_NOTATION)];
  const observations = `${left} and ${right} in ${change.blocks} blocks`;
  const weight = change.weight === undefined ? "" : ` with weight ${formatSetting(change.weight, PAGE_NOTATION)}`;
  const doubt = change.change === "inconclusive" ? markup`<p>${describeDoubt(change, PAGE_NOTATION)}.</p>` : NOTHING;
  return markup`<details class="effect"><summary class="effect-row">
<span class="effect-name">${judgementKey(judgement)}<span>${change.label}<small>${JUDGEMENT_WORD[judgement]}</small></span></span>
${drawEffect(change, panel)}
<span class="figures"><strong>${effect}</strong><span>${formatInterval(change, PAGE_NOTATION)}</span></span></summary>
<div class="effect-detail"><dl>
<div><dt>baseline → candidate</dt><dd>${formatPair(change.baseline, change.candidate, change.unit, PAGE_NOTATION)}</dd></div>
<div><dt>margin</dt><dd>${formatMargin(change, PAGE_NOTATION)}</dd></div>
<div><dt>confidence level</dt><dd>${formatPercent(change.level, PAGE_NOTATION)}</dd></div>
<div><dt>p-value of “worse than the margin”</dt>
<dd>${formatProbability(change.p, PAGE_NOTATION)}, adjusted ${formatProbability(change.pAdjusted, PAGE_NOTATION)}${weight}</dd></div>
<div><dt>observations</dt>
<dd>${observations}</dd></div>
<div><dt>minimum detectable effect</dt><dd>${formatMinimumEffect(change, PAGE_NOTATION)}</dd></div>
<div><dt>method</dt><dd>${change.method}</dd></div>
</dl>${doubt}${change.warnings.map((warning) => markup`<p class="warning">${warning}</p>`)}</div></details>`;
}

/** renderIndicators renders all indicators with their statistics: gates first, the closest to harm first. */
export function renderIndicators(evaluation: Evaluation): Markup {
  const sorted = sortByHarm(evaluation.changes);
  const rows = [...sorted.filter(({ gate }) => gate), ...sorted.filter(({ gate }) => !gate)];
  if (rows.length === 0) return markup`<p class="no-data">No data: no indicator was measured.</p>`;
  return scrollTable({ heading: "indicators" }, INDICATOR_HEAD, rows.map(renderIndicatorRow), "indicators");
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

/** anchorOf turns the id of an indicator into a fragment that needs no escaping in a link. */
function anchorOf(indicator: string): string {
  return indicator.replace(/[^A-Za-z0-9._-]+/g, "-");
}
