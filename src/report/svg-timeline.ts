import { ARMS } from "../domain/arm.ts";
import type { Timeline, TimelineSeries } from "../domain/judgement/timeline.ts";
import { clockTicks } from "./axis-scale.ts";
import { formatClock } from "./figures.ts";
import { type Markup, markup, NOTHING } from "./markup.ts";
import { heightOf, STRIP_INSET, type StripAxis } from "./strip-axis.ts";
import { drawLine, drawSpread, LINE_BOX } from "./svg-line.ts";
import { armMark } from "./svg-marks.ts";
import { placeInTime } from "./time-place.ts";
import type { TimelineStrip } from "./timeline-strip.ts";

/** More events than this would hatch every picture: they are marked in the events strip alone. */
export const MOST_DRAWN_EVENTS = 24;

/** drawValueAxis draws the labels of the vertical axis, in a column of its own width. */
export function drawValueAxis(axis: StripAxis, height: number): Markup {
  const labels = axis.ticks.map(
    ({ value, label }) => markup`<text x="44" y="${heightOf(value, axis, height) + 4}" text-anchor="end">${label}</text>`,
  );
  return markup`<svg class="axis" width="50" height="${height}" aria-hidden="true">${labels}</svg>`;
}

/** drawStrip draws the lines of a strip over the time of the load, with left-out stretches shaded and events as lines. */
export function drawStrip(strip: TimelineStrip, axis: StripAxis, timeline: Timeline, height: number): Markup {
  const grid = axis.ticks.map(({ value }) => {
    const y = heightOf(value, axis, height);
    return markup`<line class="grid" x1="0" x2="100%" y1="${y}" y2="${y}"/>`;
  });
  const spreads = ARMS.map((arm) =>
    drawSpread(
      strip.series.filter((series) => series.arm === arm),
      axis,
      timeline,
    ),
  );
  const lines = strip.series.map((series) => drawLine(series, axis, timeline));
  const place = markup`x="0" y="${STRIP_INSET}" width="100%" height="${height - 2 * STRIP_INSET}"`;
  const stretch = markup`viewBox="0 0 ${LINE_BOX.width} ${LINE_BOX.height}" preserveAspectRatio="none" overflow="visible"`;
  const box = markup`<svg ${place} ${stretch}>${spreads}${lines}</svg>`;
  const marks = strip.series.map((series) => drawLastMark(series, axis, timeline, height));
  const title = describeStrip(strip);
  return markup`<svg class="strip-plot" width="100%" height="${height}" role="img" aria-label="${title}" tabindex="0">
<title>${title}</title>
<rect class="catch" width="100%" height="100%"/>${drawStretches(timeline)}${grid}${drawEventLines(timeline)}${box}${marks}</svg>`;
}

/** drawTimeAxis draws the clock below a group of strips. */
export function drawTimeAxis(timeline: Timeline): Markup {
  const ticks = clockTicks(timeline.durationMs).map((atMs) => {
    const place = placeInTime(atMs, timeline);
    const anchor = place < 3 ? "start" : place > 97 ? "end" : "middle";
    return markup`<line class="tick" x1="${place}%" x2="${place}%" y1="0" y2="5"/>
<text x="${place}%" y="18" text-anchor="${anchor}">${formatClock(atMs)}</text>`;
  });
  return markup`<svg class="axis" width="100%" height="24" aria-hidden="true">
<line class="tick" x1="0" x2="100%" y1="0.5" y2="0.5"/>${ticks}</svg>`;
}

/** drawStretches shades what was left out of the estimates; the reason shows on hover and stands in the list of events. */
export function drawStretches(timeline: Timeline): readonly Markup[] {
  return timeline.excluded.map(({ startMs, endMs, reason }) => {
    const left = placeInTime(startMs, timeline);
    const width = Number((placeInTime(endMs, timeline) - left).toFixed(2));
    return markup`<rect class="left-out" x="${left}%" width="${width}%" y="0" height="100%"><title>left out: ${reason}</title>
</rect>`;
  });
}

function drawEventLines(timeline: Timeline): readonly Markup[] {
  if (timeline.events.length > MOST_DRAWN_EVENTS) return [];
  return timeline.events.map(({ atMs, kind, label }) => {
    const place = placeInTime(atMs, timeline);
    return markup`<line class="event" x1="${place}%" x2="${place}%" y1="0" y2="100%">
<title>${formatClock(atMs)} ${kind}: ${label}</title></line>`;
  });
}

/** drawLastMark puts the arm's mark on the end of its line; a line of one point has nothing else to be seen by. */
function drawLastMark(series: TimelineSeries, axis: StripAxis, timeline: Timeline, height: number): Markup {
  const last = series.points.findLast(([, value]) => value !== null);
  if (last === undefined || last[1] === null) return NOTHING;
  const [place, y] = [placeInTime(last[0], timeline), heightOf(last[1], axis, height)];
  if (series.arm !== null) return armMark(series.arm, place, y);
  const isAlone = series.points.filter(([, value]) => value !== null).length === 1;
  return isAlone ? markup`<circle class="mark arm-none" cx="${place}%" cy="${y}" r="3"/>` : NOTHING;
}

function describeStrip(strip: TimelineStrip): string {
  const lines = strip.series.map(({ label, arm }) => (arm === null ? label : `${label} of the ${arm}`));
  return `${strip.label} over the time of the load: ${[...new Set(lines)].join(", ")}`;
}
