import type { Attribution, Evaluation } from "../domain/evaluation.ts";
import { PAGE_NOTATION, formatSigned } from "./figures.ts";
import { NOTHING, markup, type Markup } from "./markup.ts";
import { drawAddedTime } from "./svg-added-time.ts";

/** renderWhy gives the causes: the added milliseconds by finding, then each finding with the statement behind it. */
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
${attribution.length === 0 ? markup`<p>${nothing}</p>` : drawAddedTime(attribution)}
${attribution.length === 0 ? NOTHING : markup`<ol class="causes">${attribution.map(renderCause)}</ol>`}
</section>`;
}

function renderCause({ service, layer, text, statement, addedCalls, addedMs }: Attribution): Markup {
  const figures = [
    addedCalls === null ? null : `${formatSigned(addedCalls, PAGE_NOTATION)} calls`,
    addedMs === null ? null : `${formatSigned(addedMs, PAGE_NOTATION)}${PAGE_NOTATION.gap}ms`,
  ].filter((figure) => figure !== null);
  const added = figures.length === 0 ? NOTHING : markup`<span class="added">${figures.join(", ")} per transaction</span>`;
  const where = layer === "cannot-tell" ? "layer cannot be told" : `layer ${layer}`;
  return markup`<li><p>${text}</p><p class="muted">
<span class="tag">${service}</span> <span class="tag">${where}</span> ${added}</p>
${statement === null ? NOTHING : markup`<pre><code>${statement}</code></pre>`}</li>`;
}
