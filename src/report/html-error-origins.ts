import type { ErrorOrigin } from "../domain/judgement/evaluation.ts";
import { formatCount, PAGE_NOTATION } from "./figures.ts";
import { type Markup, markup, NOTHING } from "./markup.ts";

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
