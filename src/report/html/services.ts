import type { Evaluation, IndicatorChange } from "../../domain/judgement/evaluation.ts";
import type { ServiceVolume } from "../../domain/load/run.ts";
import { type Service, SERVICES } from "../../domain/service.ts";
import { judgementKey } from "../charts/marks.ts";
import { formatCount, formatPercent, PAGE_NOTATION } from "../words/figures.ts";
import { formatEffect, formatInterval, JUDGEMENT_WORD, judgementOf, sortByHarm } from "../words/judgement.ts";
import { type Markup, markup, NOTHING } from "../words/markup.ts";
import { numberHeads, scrollTable, textHeads } from "./table.ts";

const HEAD = [
  ...textHeads("Service", "Worst change"),
  ...numberHeads("Effect [interval]", "Planned", "Achieved", "Achieved / planned", "Failed", "Dropped", "Interrupted"),
];

/** renderServices renders a table of the business services: the worst change of each, its volume and its errors. */
export function renderServices(evaluation: Evaluation): Markup {
  const measured = SERVICES.filter((service) => isMeasured(evaluation, service));
  const unmeasured = SERVICES.filter((service) => service !== "platform" && !measured.includes(service));
  return markup`<section id="services" aria-labelledby="services-title">
<h2 id="services-title">Services</h2>
<p class="lead">For each service: the gate closest to its harmful margin, and the number of business transactions in both arms
together.</p>
${scrollTable(
  { heading: "services-title" },
  HEAD,
  measured.map((service) => renderService(evaluation, service)),
)}
${unmeasured.length === 0 ? NOTHING : markup`<p class="muted">Not measured in this comparison: ${unmeasured.join(", ")}.</p>`}
</section>`;
}

function isMeasured(evaluation: Evaluation, service: Service): boolean {
  return (
    evaluation.changes.some((change) => change.service === service) ||
    evaluation.load.volumes.some((volume) => volume.service === service)
  );
}

function renderService(evaluation: Evaluation, service: Service): Markup {
  const changes = sortByHarm(evaluation.changes.filter((change) => change.service === service));
  const worst = changes.find(({ gate }) => gate) ?? changes[0];
  const volumes = evaluation.load.volumes.filter((volume) => volume.service === service);
  const [first] = volumes;
  const units = first === undefined ? NOTHING : markup`<small>${first.unit}s</small>`;
  const name = service === "platform" ? "all services" : service;
  return markup`<tr>
<th scope="row">${name}${units}</th>${worstCells(worst)}${volumeCells(volumes)}</tr>`;
}

function worstCells(worst: IndicatorChange | undefined): Markup {
  if (worst === undefined) return markup`<td class="muted">not measured</td><td></td>`;
  return markup`<td class="worst">
<span class="nowrap">${judgementKey(judgementOf(worst))} ${JUDGEMENT_WORD[judgementOf(worst)]}</span>
<small>${worst.label}</small></td>
<td class="num">${formatEffect(worst, PAGE_NOTATION)}<small>${formatInterval(worst, PAGE_NOTATION)}</small></td>`;
}

function volumeCells(volumes: readonly ServiceVolume[]): Markup {
  if (volumes.length === 0) return markup`<td class="muted num" colspan="6">not applicable</td>`;
  const sum = (field: "achieved" | "failed" | "dropped" | "interrupted"): number =>
    volumes.reduce((total, volume) => total + volume[field], 0);
  const planned = volumes.every((volume) => volume.planned !== null)
    ? volumes.reduce((total, volume) => total + (volume.planned ?? 0), 0)
    : null;
  const share = planned === null || planned === 0 ? "n/a" : formatPercent(sum("achieved") / planned, PAGE_NOTATION);
  const plain = [planned, sum("achieved")].map((count) => markup`<td class="num">${formatCount(count, PAGE_NOTATION)}</td>`);
  const rest = (["failed", "dropped", "interrupted"] as const).map((field) => {
    const isHarm = field !== "interrupted" && sum(field) > 0;
    return markup`<td class="num${isHarm ? " harm" : ""}">${formatCount(sum(field), PAGE_NOTATION)}</td>`;
  });
  return markup`${plain}<td class="num">${share}</td>${rest}`;
}
