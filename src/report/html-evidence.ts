import type { Evaluation } from "../domain/judgement/evaluation.ts";
import type { InvariantResult } from "../domain/load/run.ts";
import { formatCount, PAGE_NOTATION } from "./figures.ts";
import { renderBlindSpots } from "./html-blind-spots.ts";
import { renderIndicators } from "./html-indicators.ts";
import { renderMethod } from "./html-method.ts";
import { type Markup, markup, NOTHING } from "./markup.ts";

/** renderEvidence gives the engineer's half hour: every indicator, rule, fact and input that the verdict rests on. */
export function renderEvidence(evaluation: Evaluation): Markup {
  return markup`<section id="evidence" aria-labelledby="evidence-title">
<h2 id="evidence-title">Evidence</h2>
<h3 id="indicators">All indicators</h3>
<p class="lead">Gates decide, advisory indicators inform. "Would find" is the smallest harm that this much evidence finds four
times in five; "more min" the further minutes of load that would probably decide.</p>
${renderIndicators(evaluation)}
<h3 id="invariants">Invariants</h3>
${renderInvariants(evaluation.invariants)}
<h3 id="validity">Validity</h3>
${renderValidity(evaluation)}
${renderBlindSpots(evaluation)}
${renderMethod(evaluation)}
</section>`;
}

function renderInvariants(results: readonly InvariantResult[]): Markup {
  if (results.length === 0) return markup`<p class="no-data">No invariant was checked.</p>`;
  const order = { broken: 0, "not-checked": 1, intact: 2 } as const;
  const rows = results
    .toSorted((a, b) => order[a.status] - order[b.status])
    .map((result) => {
      const { status, label, id, arm, checked, violations, examples } = result;
      const found = examples.length === 0 ? NOTHING : markup`<small>${examples.join(", ")}</small>`;
      return markup`<tr><th scope="row">${label}<small>${id}</small></th><td>${arm}</td>
<td class="nowrap status-${status}">${status === "broken" ? "✕ " : status === "intact" ? "✓ " : "– "}${status}</td>
<td class="num">${formatCount(checked, PAGE_NOTATION)}</td>
<td class="num">${formatCount(violations, PAGE_NOTATION)}${found}</td></tr>`;
    });
  return markup`<div class="scroll" tabindex="0" role="region" aria-labelledby="invariants"><table><thead><tr>
<th scope="col">Business rule</th><th scope="col">Arm</th><th scope="col">Status</th>
<th scope="col" class="num">Records checked</th><th scope="col" class="num">Violations</th></tr></thead><tbody>${rows}</tbody>
</table></div>`;
}

function renderValidity(evaluation: Evaluation): Markup {
  if (evaluation.validity.length === 0) return markup`<p>Nothing disturbed the measurement.</p>`;
  const items = evaluation.validity.map(
    ({ code, severity, text, remedy }) =>
      markup`<li><span class="tag severity-${severity}">${severity}</span> ${text} <small class="code">${code}</small>
${remedy === "" ? NOTHING : markup`<p class="muted">${remedy}</p>`}</li>`,
  );
  return markup`<ul class="validity">${items}</ul>`;
}
