import type { Arm } from "../../domain/arm.ts";
import type { Evaluation } from "../../domain/judgement/evaluation.ts";
import type { Timeline, TimelineEvent, TimelineSeries } from "../../domain/judgement/timeline.ts";
import type { Layer } from "../../domain/service.ts";
import { partOf, stripAxis, type TimelineStrip, timelineStrips } from "../charts/axis.ts";
import { armKey, armSign } from "../charts/marks.ts";
import { drawExcluded, drawStrip, drawTimeAxis, drawValueAxis, MOST_DRAWN_EVENTS, placeInTime } from "../charts/timeline.ts";
import { formatClock, formatNumber, PAGE_NOTATION, scaled, scaleOf } from "../words/figures.ts";
import { type Markup, markup, NOTHING } from "../words/markup.ts";

const LAYERS: readonly Layer[] = ["loader", "ingress", "odoo", "postgres", "redis", "host"];

/** Heights of the charts of load and latency, and of probes, in pixels. */
const TALL = 150;
const LOW = 64;

/** BETTER holds the direction of better for each kind of chart; probe readings have none. */
const BETTER = {
  load: "better: achieved close to planned",
  latency: "lower is better",
  probe: "neither direction is better: compare the arms",
} as const;

/** Events beyond this number are counted, not listed; the JSON verdict contains all of them. */
const MOST_EVENTS = 100;
/** Longer lists are collapsed, so that the charts stay on the screen. */
const MOST_OPEN = 8;
/** Minimum distance of event numbers in per cent of the axis; closer numbers overlap on a phone and move to the next row. */
const NUMBER_DISTANCE = 7;
const ROW_HEIGHT = 18;
const MOST_ROWS = 5;

/** renderTimelines renders events, load, latency and probes on one time axis, with events and excluded periods in all charts. */
export function renderTimelines({ timeline, releases }: Evaluation): Markup {
  return markup`<section id="timelines" aria-labelledby="timelines-title">
<h2 id="timelines-title">Timelines</h2>
<p class="lead">All charts share one time axis that starts with the load. The figures below each name are medians.</p>
<p class="legend"><span>${armKey("baseline")} baseline ${releases.baseline.label}</span>
<span>${armKey("candidate")} candidate ${releases.candidate.label}</span><span><span class="excluded-key">
</span> excluded from the estimates</span><span><span class="event-key"></span> event</span></p>
${renderEvents(timeline)}
${renderGroup("load", "Load, planned and achieved", timeline)}
${renderGroup("latency", "Latency from the intended start", timeline)}
${renderGroup("probe", "Probes by layer", timeline)}
</section>`;
}

/** renderEvents draws numbered events on the time axis and lists them, with the excluded periods. */
function renderEvents(timeline: Timeline): Markup {
  const events = timeline.events.toSorted((a, b) => a.atMs - b.atMs);
  const head = markup`<figcaption><strong>Events</strong>
<span class="muted">position in time only: no direction is better</span></figcaption>`;
  if (events.length === 0 && timeline.excluded.length === 0)
    return markup`<figure class="timeline" data-chart="events">${head}
<p class="no-data">No event was recorded, and no block was excluded.</p></figure>`;
  return markup`<figure class="timeline" data-chart="events">${head}
<div class="strip"><span class="strip-name"></span><span></span>${drawEvents(events, timeline)}</div>
${renderLists(events, timeline)}</figure>`;
}

function renderLists(events: readonly TimelineEvent[], timeline: Timeline): Markup {
  const items = events
    .slice(0, MOST_EVENTS)
    .map(
      ({ atMs, kind, label }) =>
        markup`<li><span class="clock">${formatClock(atMs)}</span> <span class="tag">${kind}</span> ${label}</li>`,
    );
  const periods = timeline.excluded.slice(0, MOST_EVENTS).map(
    ({ startMs, endMs, reason }) => markup`<li><span class="clock">${formatClock(startMs)} to ${formatClock(endMs)}</span>
<span class="tag">excluded</span> ${reason}</li>`,
  );
  const more = events.length + timeline.excluded.length - items.length - periods.length;
  const rest = more > 0 ? markup`<p class="muted">and ${more} more in the JSON verdict</p>` : NOTHING;
  const left = periods.length === 0 ? NOTHING : markup`<ul>${periods}</ul>`;
  const lists = markup`<div class="event-lists"><ol>${items}</ol>${left}${rest}</div>`;
  if (events.length <= MOST_OPEN && timeline.excluded.length <= MOST_OPEN) return lists;
  const count = `${events.length} events, ${timeline.excluded.length} excluded periods`;
  return markup`<details class="event-fold"><summary>${count}</summary>${lists}</details>`;
}

/** drawEvents draws a mark for each event. The marks have numbers if there are few enough events to read them. */
function drawEvents(events: readonly TimelineEvent[], timeline: Timeline): Markup {
  const places = events.map(({ atMs }) => placeInTime(atMs, timeline));
  const rows = events.length > MOST_DRAWN_EVENTS ? places.map(() => MOST_ROWS) : assignRows(places);
  const height = (Math.max(0, ...rows.filter((row) => row < MOST_ROWS)) + 1) * ROW_HEIGHT + 6;
  const marks = places.map((place, index) => drawEvent(place, rows[index] ?? MOST_ROWS, index + 1, height));
  return markup`<svg class="strip-plot" width="100%" height="${height}" aria-hidden="true">${drawExcluded(timeline)}
<line class="tick mark" x1="0" x2="100%" y1="${height - 0.5}" y2="${height - 0.5}"/>${marks}</svg>`;
}

function drawEvent(place: number, row: number, number: number, height: number): Markup {
  if (row >= MOST_ROWS)
    return markup`<line class="event-tick" x1="${place}%" x2="${place}%" y1="${height - 10}" y2="${height}"/>`;
  const anchor = place < 2 ? "start" : place > 98 ? "end" : "middle";
  const top = row * ROW_HEIGHT + 13;
  return markup`<line class="event" x1="${place}%" x2="${place}%" y1="${top + 3}" y2="${height}"/>
<text class="event-number" x="${place}%" y="${top}" text-anchor="${anchor}">${number}</text>`;
}

/** assignRows puts each number into the first row in which it does not overlap the previous number. */
function assignRows(places: readonly number[]): readonly number[] {
  const lastPlaces: number[] = [];
  return places.map((place) => {
    const free = lastPlaces.findIndex((last) => place - last >= NUMBER_DISTANCE);
    const row = free === -1 ? lastPlaces.length : free;
    lastPlaces[row] = place;
    return row;
  });
}

function renderGroup(chart: TimelineSeries["chart"], title: string, timeline: Timeline): Markup {
  const strips = timelineStrips(timeline, chart);
  const tall = (strip: TimelineStrip): Markup => renderStrip(strip, timeline, TALL);
  const head = markup`<figcaption><strong>${title}</strong> <span class="muted">${BETTER[chart]}</span></figcaption>`;
  if (strips.length === 0)
    return markup`<figure class="timeline" data-chart="${chart}">${head}<p class="no-data">No data was measured.</p></figure>`;
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
<small>${strip.unit}</small></div><p class="no-data">No data was measured.</p></div>`;
  return markup`<div class="strip" data-chart="strip"><div class="strip-name">
<strong>${strip.label}</strong> <small class="unit">${axis.unit}</small>${renderMedians(strip, axis.unit)}</div>
${drawValueAxis(axis, height)}${drawStrip(strip, axis, timeline, height)}</div>`;
}

/** renderMedians renders the median of each line: one row per part (such as p95), one number per arm. */
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
