import type { BlindSpot, Evaluation } from "../../domain/judgement/evaluation.ts";
import type { InvariantResult, Schedule } from "../../domain/load/run.ts";
import { formatCount, formatDuration, formatPercent, formatSetting, PAGE_NOTATION } from "../words/figures.ts";
import { type Markup, markup, NOTHING } from "../words/markup.ts";
import { renderIndicators } from "./effects.ts";
import { numberHeads, scrollTable, textHeads } from "./table.ts";

/** Rows of the table of invariants are sorted by status: what needs attention comes first. */
const STATUS_ORDER = { broken: 0, "not-checked": 1, intact: 2 } as const;
const STATUS_SIGN = { broken: "✕", "not-checked": "–", intact: "✓" } as const;

/** renderEvidence renders the details for engineers: all indicators, invariants, validity facts, inputs and settings. */
export function renderEvidence(evaluation: Evaluation): Markup {
  return markup`<section id="evidence" aria-labelledby="evidence-title">
<h2 id="evidence-title">Evidence</h2>
<h3 id="indicators">All indicators</h3>
<p class="lead">Gates decide the verdict; advisory indicators do not. MDE is the minimum detectable effect: the smallest harm that
this amount of evidence detects with 80 % power. Extra min is the additional load in minutes that would probably decide an
inconclusive indicator.</p>
${renderIndicators(evaluation)}
<h3 id="invariants">Invariants</h3>
${renderInvariants(evaluation.invariants)}
<h3 id="validity">Validity</h3>
${renderValidity(evaluation)}
${renderBlindSpots(evaluation)}
<h3 id="releases">Releases</h3>
${renderReleases(evaluation)}
<h3 id="inputs">Input files</h3>
${renderInputs(evaluation)}
<h3 id="policy">Policy</h3>
${renderPolicy(evaluation)}
<h3 id="repeat">Reproduce the verdict</h3>
${renderCommands(evaluation)}
</section>`;
}

function renderInvariants(results: readonly InvariantResult[]): Markup {
  if (results.length === 0) return markup`<p class="no-data">No invariant was checked.</p>`;
  const rows = results
    .toSorted((a, b) => STATUS_ORDER[a.status] - STATUS_ORDER[b.status])
    .map(({ status, label, id, arm, checked, violations, examples }) => {
      const found = examples.length === 0 ? NOTHING : markup`<small>${examples.join(", ")}</small>`;
      return markup`<tr><th scope="row">${label}<small>${id}</small></th><td>${arm}</td>
<td class="nowrap status-${status}">${STATUS_SIGN[status]} ${status}</td>
<td class="num">${formatCount(checked, PAGE_NOTATION)}</td>
<td class="num">${formatCount(violations, PAGE_NOTATION)}${found}</td></tr>`;
    });
  const head = [...textHeads("Business rule", "Arm", "Status"), ...numberHeads("Records checked", "Violations")];
  return scrollTable({ heading: "invariants" }, head, rows);
}

function renderValidity({ validity }: Evaluation): Markup {
  if (validity.length === 0) return markup`<p>No disturbance was detected.</p>`;
  const items = validity.map(
    ({ code, severity, text, remedy }) =>
      markup`<li><span class="tag severity-${severity}">${severity}</span> ${text} <small class="code">${code}</small>
${remedy === "" ? NOTHING : markup`<p class="muted">${remedy}</p>`}</li>`,
  );
  return markup`<ul class="validity">${items}</ul>`;
}

/** renderBlindSpots renders the parts that were not observed: affected gates, possible misses, remedies. */
function renderBlindSpots({ unseen }: Evaluation): Markup {
  // Verdicts of earlier versions do not have this field.
  if (unseen === undefined) return NOTHING;
  if (unseen.length === 0) return markup`<h3 id="unseen">Not observed</h3><p>All parts of the target were observed.</p>`;
  const head = textHeads("Part", "In the config", "Affected gates", "What can go undetected", "How to observe it");
  return markup`<h3 id="unseen">Not observed</h3>
<p class="lead">If the config declares a part as not observed, its gates are removed before the load. If the config does not
mention a part, its gates remain without data and prevent a PASS.</p>
${scrollTable({ heading: "unseen" }, head, unseen.map(renderBlindSpot))}`;
}

function renderBlindSpot({ part, label, declared, gates, cost, remedy }: BlindSpot): Markup {
  return markup`<tr><th scope="row">${label}<small>${part}</small></th><td>${declared ? "declared" : "not mentioned"}</td>
<td>${gates.length === 0 ? "none" : gates.join("; ")}</td><td>${cost}</td><td>${remedy}</td></tr>`;
}

function renderReleases({ releases: { baseline, candidate } }: Evaluation): Markup {
  const facts = [...new Set([...Object.keys(baseline.identity), ...Object.keys(candidate.identity)])].toSorted();
  const rows = facts.map(
    (fact) => markup`<tr><th scope="row">${fact}</th><td class="code">${baseline.identity[fact] ?? "unknown"}</td>
<td class="code">${candidate.identity[fact] ?? "unknown"}</td></tr>`,
  );
  const head = textHeads("Property", `Baseline ${baseline.label}`, `Candidate ${candidate.label}`);
  return scrollTable({ heading: "releases" }, head, rows);
}

function renderInputs({ inputs }: Evaluation): Markup {
  if (inputs.length === 0) return markup`<p class="no-data">No input files are recorded.</p>`;
  const rows = inputs.map(
    ({ path, sha256 }) => markup`<tr><th scope="row" class="code">${path}</th>
<td class="code">${sha256}</td></tr>`,
  );
  return scrollTable({ heading: "inputs" }, textHeads("File", "SHA-256"), rows);
}

function renderPolicy({ policy, method }: Evaluation): Markup {
  const overrides = Object.entries(policy.indicators).map(([id, override]) => `${id}: ${JSON.stringify(override)}`);
  return definitions([
    ["alpha: probability of a false FAIL over all gates", formatPercent(policy.alpha, PAGE_NOTATION)],
    ["equivalence alpha: probability of a false “equivalent” per gate", formatPercent(policy.equivalenceAlpha, PAGE_NOTATION)],
    ["interim analyses (looks) and alpha spent", describeLooks(method)],
    ["gates and correction for multiple tests", `${method.gates}, ${method.correction}`],
    ["joint bootstrap resamples", formatSetting(method.resamples, PAGE_NOTATION)],
    ["minimum undisturbed blocks", `${policy.minimumBlocks}, of ${formatDuration(policy.blockMs, PAGE_NOTATION)} each`],
    ["minimum achieved / planned arrivals", formatPercent(policy.minimumAchievedRatio, PAGE_NOTATION)],
    ["maximum CPU steal in a block", formatPercent(policy.maximumStealRatio, PAGE_NOTATION)],
    ["maximum CPU of other processes in a block", formatPercent(policy.maximumForeignCpuRatio, PAGE_NOTATION)],
    ["maximum CPU of the load generator", formatPercent(policy.maximumLoaderCpuRatio, PAGE_NOTATION)],
    ["overrides of margins and gates", overrides.length === 0 ? "none" : overrides.join("; ")],
  ]);
}

function describeLooks({ looks, alphaAtThisLook, equivalenceAlphaAtThisLook, alphaSpent }: Evaluation["method"]): string {
  if (looks === null) return "one analysis after a fixed length of load; it spends both alphas completely";
  const percent = (share: number) => formatPercent(share, PAGE_NOTATION);
  return (
    `look ${looks}: ${percent(alphaAtThisLook)} of alpha and ${percent(equivalenceAlphaAtThisLook)} of equivalence alpha; ` +
    `${percent(alphaSpent)} of alpha spent so far`
  );
}

function renderCommands({ load, runIds, seeds, method }: Evaluation): Markup {
  const together = runIds.length > 1 ? "BUNDLE..." : "BUNDLE";
  const bundles = load.schedule.kind === "sequential" ? "--baseline BUNDLE --candidate BUNDLE" : together;
  return markup`<p>The same bundles, policy and seeds reproduce the verdict exactly.</p>
<pre><code>peakproof report verdict.json --verify
peakproof compare ${bundles}</code>
</pre>${definitions([
    ["runs", runIds.join(", ")],
    ["start of the load", load.startedAt],
    ["schedule", describeSchedule(load.schedule)],
    ["workload seed", String(seeds.workload)],
    ["resampling seed", String(seeds.resampling)],
    ["judged by", method.version === undefined ? "an earlier version of peakproof" : `peakproof ${method.version}`],
  ])}`;
}

function describeSchedule(schedule: Schedule): string {
  if (schedule.kind === "duet")
    return "duet: both arms at the same time; shared resources can reduce an effect but cannot create one";
  if (schedule.kind === "sequential") return "sequential: complete runs, one after the other";
  return `slots of ${formatDuration(schedule.slotMs, PAGE_NOTATION)} in ABBA order, ${schedule.guardMs} ms guard time between slots`;
}

function definitions(entries: readonly (readonly [string, string])[]): Markup {
  return markup`<dl class="definitions">${entries.map(
    ([term, text]) => markup`<div><dt>${term}</dt><dd>${text}</dd>
</div>`,
  )}</dl>`;
}
