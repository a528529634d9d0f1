import type { Evaluation } from "../domain/judgement/evaluation.ts";
import { type Markup, markup, NOTHING } from "./markup.ts";

/** renderBlindSpots tells what was not looked at, which gates that took, what may escape, and how it gets into sight. */
export function renderBlindSpots({ unseen }: Evaluation): Markup {
  // A verdict of an earlier version does not know.
  if (unseen === undefined) return NOTHING;
  if (unseen.length === 0) return markup`<h3 id="unseen">Not looked at</h3><p>Every part of the target was looked at.</p>`;
  const rows = unseen.map(
    ({ part, label, declared, gates, cost, remedy }) =>
      markup`<tr><th scope="row">${label}<small>${part}</small></th><td>${declared ? "declared" : "not named"}</td>
<td>${gates.length === 0 ? "none" : gates.join("; ")}</td><td>${cost}</td><td>${remedy}</td></tr>`,
  );
  return markup`<h3 id="unseen">Not looked at</h3>
<p class="lead">The gates of a part that was declared are taken out before the load; those of a part that the config just does not
name stay, without data, and bar a pass.</p>
<div class="scroll" tabindex="0" role="region" aria-labelledby="unseen"><table><thead><tr><th scope="col">Part</th>
<th scope="col">In the config</th><th scope="col">Gates that rest on it</th><th scope="col">What may escape</th>
<th scope="col">How it gets into sight</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}
