import type { Arm } from "../domain/arm.ts";
import type { Evaluation } from "../domain/judgement/evaluation.ts";
import type { Timeline, TimelineSeries } from "../domain/judgement/timeline.ts";
import type { Layer } from "../domain/service.ts";
import { formatNumber, PAGE_NOTATION } from "./figures.ts";
import { renderEvents } from "./html-events.ts";
import { type Markup, markup, NOTHING } from "./markup.ts";
import { scaled, scaleOf } from "./quantity.ts";
import { stripAxis } from "./strip-axis.ts";
import { armKey, armSign } from "./svg-marks.ts";
import { drawStrip, drawTimeAxis, drawValueAxis } from "./svg-timeline.ts";
import { partOf, type TimelineStrip, timelineStrips } from "./timeline-strip.ts";

const LAYERS: readonly Layer[] = ["loader", "ingress", "odoo", "postgres", "redis", "host"];
type Chart = TimelineSeries["chart"];

const TALL = 150;
const LOW = 64;

/** BETTER says on each kind of chart which way is good; a probe reading has no good side of its own. */
const BETTER = {
  load: "better: achieved as high as planned",
  latency: "better: lower",
  probe: "no direction is better by itself: compare the arms",
} as const;

/** renderTimelines gives load, latency and probes over one time axis, with events and left-out blocks running through all. */
export function renderTimelines(evaluation: Evaluation): Markup {
  const { timeline } = evaluation;
  const probes = timelineStrips(timeline, "probe");
  return markup`<section id="timelines" aria-labelledby="timelines-title">
<h2 id="timelines-title">Time lines</h2>
<p class="lead">All pictures share one time axis that starts with the load. Beside each name stands the median of every line.</p>
<p class="legend"><span>${armKey("baseline")} baseline ${evaluation.releases.baseline.label}</span>
<span>${armKey("candidate")} candidate ${evaluation.releases.candidate.label}</span><span><span class="left-out-key">
</span> left out of the estimates</span><span><span class="event-key"></span> event</span></p>
${renderEvents(timeline)}
${renderGroup("load", "Load, planned and achieved", timelineStrips(timeline, "load"), timeline)}
${renderGroup("latency", "Latency from the intended start", timelineStrips(timeline, "latency"), timeline)}
${renderGroup("probe", "Probes by layer", probes, timeline)}
</section>`;
}

function renderGroup(chart: Chart, title: string, strips: readonly TimelineStrip[], timeline: Timeline): Markup {
  const tall = (strip: TimelineStrip): Markup => renderStrip(strip, timeline, TALL);
  const head = markup`<figcaption><strong>${title}</strong> <span class="muted">${BETTER[chart]}</span></figcaption>`;
  if (strips.length === 0)
    return markup`<figure class="timeline" data-chart="${chart}">${head}<p class="no-data">No data measured.</p></figure>`;
  return markup`<figure class="timeline" data-chart="${chart}">${head}
${chart === "probe" ? LAYERS.map((layer) => renderLayer(layer, strips, timeline)) : strips.map(tall)}
<div class="strip strip-axis"><span></span><span></span>
<div>${drawTimeAxis(timeline)}<p class="axis-name">minutes:seconds since the start of the load</p></div></div></figure>`;
}

function renderLayer(layer: Layer, probes: readonly TimelineStrip[], timeline: Timeline): Markup {
  const strips = probes.filter((strip) => strip.layer === layer);
  if (strips.length === 0) return NOTHING;
  return markup`<p class="layer">${layer}</p>${strips.map((strip) => renderStrip(strip, timeline, LOW))}`;
}

function renderStrip(strip: TimelineStrip, timeline: Timeline, height: number): Markup {
  const axis = stripAxis(strip, height);
  if (axis === null)
    return markup`<div class="strip" data-chart="strip"><div class="strip-name"><strong>${strip.label}</strong>
<small>${strip.unit}</small></div><p class="no-data">No data measured.</p></div>`;
  return markup`<div class="strip" data-chart="strip"><div class="strip-name">
<strong>${strip.label}</strong> <small class="unit">${axis.unit}</small>${renderMedians(strip, axis.unit)}</div>
${drawValueAxis(axis, height)}${drawStrip(strip, axis, timeline, height)}</div>`;
}

/** renderMedians gives each line's part and median in figures, one row a part, one figure an arm. */
function renderMedians(strip: TimelineStrip, shownUnit: string): Markup {
  const scale = scaleOf(strip.unit, [shownUnit === strip.unit ? 0 : largestOf(strip)]);
  const parts = [...new Set(strip.series.map(partOf))];
  const rows = parts.map((part) => {
    const lines = strip.series.filter((series) => partOf(series) === part);
    const figures = lines.map(({ arm, points }) => {
      const median = formatNumber(scaled(medianOf(points), scale), PAGE_NOTATION);
      return markup`<span class="median">${signOf(arm)}${median}</span>`;
    });
    return markup`<span class="part">${
      part === ""
        ? NOTHING
        : markup`<span class="part-word">
<i class="part-key part-${part}"></i>${part}</span> `
    }${figures}</span>`;
  });
  return markup`<small class="medians">${rows}</small>`;
}

function signOf(arm: Arm | null): Markup {
  return arm === null ? NOTHING : markup`${armSign(arm)}<span class="hidden">${arm} </span>`;
}

function largestOf(strip: TimelineStrip): number {
  return strip.series.reduce((top, { points }) => points.reduce((most, [, value]) => Math.max(most, value ?? 0), top), 0);
}

function medianOf(points: TimelineSeries["points"]): number | null {
  const values = points.flatMap(([, value]) => (value === null ? [] : [value])).toSorted((a, b) => a - b);
  return values[Math.floor(values.length / 2)] ?? null;
}
