import type { Evaluation } from "../../domain/judgement/evaluation.ts";
import type { InvariantResult, Schedule } from "../../domain/load/run.ts";
import { formatCount, formatDuration, formatPercent, formatSetting, PAGE_NOTATION } from "../words/figures.ts";
import { type Markup, markup, NOTHING } from "../words/markup.ts";
import { renderIndicators } from "./effects.ts";

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

/** renderMethod gives what is needed to get the same answer again: inputs, releases, policy, seeds, commands. */
export function renderMethod(evaluation: Evaluation): Markup {
  return markup`<h3 id="releases">Releases</h3>${releaseTable(evaluation)}
<h3 id="inputs">Inputs</h3>${inputTable(evaluation)}
<h3 id="policy">Policy</h3>${policyList(evaluation)}
<h3 id="repeat">How to repeat it</h3>${repeatList(evaluation)}`;
}

function releaseTable({ releases }: Evaluation): Markup {
  const { baseline, candidate } = releases;
  const facts = [...new Set([...Object.keys(baseline.identity), ...Object.keys(candidate.identity)])].toSorted();
  const rows = facts.map(
    (fact) => markup`<tr><th scope="row">${fact}</th><td class="code">${baseline.identity[fact] ?? "not known"}</td>
<td class="code">${candidate.identity[fact] ?? "not known"}</td></tr>`,
  );
  return markup`<div class="scroll" tabindex="0" role="region" aria-labelledby="releases"><table><thead><tr><th scope="col">
</th><th scope="col">Baseline ${baseline.label}</th><th scope="col">Candidate ${candidate.label}</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

function inputTable({ inputs }: Evaluation): Markup {
  if (inputs.length === 0) return markup`<p class="no-data">No input file is known.</p>`;
  const rows = inputs.map(
    ({ path, sha256 }) => markup`<tr><th scope="row" class="code">${path}</th>
<td class="code">${sha256}</td></tr>`,
  );
  return markup`<div class="scroll" tabindex="0" role="region" aria-labelledby="inputs"><table><thead><tr>
<th scope="col">File</th><th scope="col">SHA-256</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function policyList({ policy, method }: Evaluation): Markup {
  const overrides = Object.entries(policy.indicators).map(([id, override]) => `${id}: ${JSON.stringify(override)}`);
  return definitions([
    ["false alarms of FAIL over all gates (alpha)", formatPercent(policy.alpha, PAGE_NOTATION)],
    ["error of calling one gate equivalent", formatPercent(policy.equivalenceAlpha, PAGE_NOTATION)],
    ["looks of the judge, and what they may spend", describeLooks(method)],
    ["gates, and correction for several", `${method.gates}, ${method.correction}`],
    ["joint resamples", formatSetting(method.resamples, PAGE_NOTATION)],
    ["fewest undisturbed blocks", `${policy.minimumBlocks} of ${formatDuration(policy.blockMs, PAGE_NOTATION)}`],
    ["least share of planned arrivals", formatPercent(policy.minimumAchievedRatio, PAGE_NOTATION)],
    ["most CPU steal in a block", formatPercent(policy.maximumStealRatio, PAGE_NOTATION)],
    ["most foreign CPU in a block", formatPercent(policy.maximumForeignCpuRatio, PAGE_NOTATION)],
    ["most CPU of the load generator", formatPercent(policy.maximumLoaderCpuRatio, PAGE_NOTATION)],
    ["changed margins and gates", overrides.length === 0 ? "none" : overrides.join("; ")],
  ]);
}

function describeLooks({ looks, alphaAtThisLook, equivalenceAlphaAtThisLook, alphaSpent }: Evaluation["method"]): string {
  if (looks === null) return "one look after a length that was fixed beforehand: it spends both errors whole";
  const percent = (share: number) => formatPercent(share, PAGE_NOTATION);
  return (
    `look ${looks}: ${percent(alphaAtThisLook)} of alpha and ${percent(equivalenceAlphaAtThisLook)} for equivalence; ` +
    `${percent(alphaSpent)} of alpha spent so far`
  );
}

function repeatList({ load, runIds, seeds, method }: Evaluation): Markup {
  const together = runIds.length > 1 ? "BUNDLE..." : "BUNDLE";
  const sides = load.schedule.kind === "sequential" ? "--baseline BUNDLE --candidate BUNDLE" : together;
  return markup`<p>The same bundles, policy and seeds give the same verdict to the last digit.</p>
<pre><code>peakproof report verdict.json --verify
peakproof compare ${sides}</code>
</pre>${definitions([
    ["runs", runIds.join(", ")],
    ["started", load.startedAt],
    ["schedule", describeSchedule(load.schedule)],
    ["workload seed", String(seeds.workload)],
    ["resampling seed", String(seeds.resampling)],
    ["judged by", method.version === undefined ? "an earlier peakproof" : `peakproof ${method.version}`],
  ])}`;
}

function describeSchedule(schedule: Schedule): string {
  if (schedule.kind === "duet")
    return "duet: both arms in the same seconds; what they share can shrink an effect and never makes one";
  if (schedule.kind === "sequential") return "sequential: whole runs one after the other";
  return `slots of ${formatDuration(schedule.slotMs, PAGE_NOTATION)}, ABBA, ${schedule.guardMs} ms guard between them`;
}

function definitions(entries: readonly (readonly [string, string])[]): Markup {
  return markup`<dl class="definitions">${entries.map(
    ([term, text]) => markup`<div><dt>${term}</dt><dd>${text}</dd>
</div>`,
  )}</dl>`;
}

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
