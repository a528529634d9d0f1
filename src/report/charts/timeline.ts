import { ARMS } from "../../domain/arm.ts";
import type { Timeline, TimelineSeries } from "../../domain/judgement/timeline.ts";
import { formatClock } from "../words/figures.ts";
import { type Markup, markup, NOTHING } from "../words/markup.ts";
import {
  clockTicks,
  drawHorizontalAxis,
  heightOf,
  partOf,
  shareOf,
  STRIP_INSET,
  type StripAxis,
  type TimelineStrip,
} from "./axis.ts";
import { armMark } from "./marks.ts";

type Points = TimelineSeries["points"];

/** Events are drawn into the charts up to this number; beyond it, only the events chart shows them. */
export const MOST_DRAWN_EVENTS = 24;

/** Maximum points of a line: about one per pixel column of a phone, which keeps the page of a long run small. */
const MOST_POINTS = 300;

/** LINE_BOX is the coordinate system of the lines; the browser scales it to the width of the page. */
const LINE_BOX = { width: 1000, height: 100 } as const;

/** drawValueAxis draws the labels of the vertical axis. */
export function drawValueAxis(axis: StripAxis, height: number): Markup {
  const labels = axis.ticks.map(
    ({ value, label }) => markup`<text x="44" y="${heightOf(value, axis, height) + 4}" text-anchor="end">${label}</text>`,
  );
  return markup`<svg class="axis" width="50" height="${height}" aria-hidden="true">${labels}</svg>`;
}

/** drawStrip draws the series of a strip over time. Excluded periods are shaded, events are vertical lines. */
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
<rect class="catch" width="100%" height="100%"/>${drawExcluded(timeline)}${grid}${drawEventLines(timeline)}${box}${marks}</svg>`;
}

function describeStrip(strip: TimelineStrip): string {
  const lines = strip.series.map(({ label, arm }) => (arm === null ? label : `${label} (${arm})`));
  return `${strip.label} over time: ${[...new Set(lines)].join(", ")}`;
}

/** drawSpread fills the area between p50 and p95 of one arm. Series with gaps have no area, because it would hide the gaps. */
function drawSpread(series: readonly TimelineSeries[], axis: StripAxis, timeline: Timeline): Markup {
  const lower = wholePoints(series.find((one) => partOf(one) === "p50"));
  const upper = wholePoints(series.find((one) => partOf(one) === "p95"));
  const arm = series[0]?.arm ?? "none";
  if (lower.length === 0 || upper.length === 0) return NOTHING;
  const spots = [...upper, ...lower.toReversed()].map(([atMs, value]) => spot(atMs, value, axis, timeline));
  return markup`<path class="spread arm-${arm}" d="M${spots.join("L")}Z"/>`;
}

function wholePoints(series: TimelineSeries | undefined): readonly (readonly [number, number])[] {
  const points = decimatePoints(series?.points ?? [], MOST_POINTS);
  const whole = points.flatMap(([atMs, value]) => (value === null ? [] : [[atMs, value] as const]));
  return whole.length === points.length ? whole : [];
}

/** drawLine draws one series. Missing values leave a gap. */
function drawLine(series: TimelineSeries, axis: StripAxis, timeline: Timeline): Markup {
  let path = "";
  let pen: "up" | "down" = "up";
  for (const [atMs, value] of decimatePoints(series.points, MOST_POINTS)) {
    // A single point between two gaps would be invisible; a stroke of length zero with round ends shows it as a dot.
    const at = value === null ? "" : spot(atMs, value, axis, timeline);
    if (value !== null) path += pen === "up" ? `M${at}h0` : `L${at}`;
    pen = value === null ? "up" : "down";
  }
  const part = partOf(series);
  const arm = series.arm ?? "none";
  return path === "" ? NOTHING : markup`<path class="line arm-${arm} part-${part === "" ? "one" : part}" d="${path}"/>`;
}

function spot(atMs: number, value: number, axis: StripAxis, timeline: Timeline): string {
  const x = ((placeInTime(atMs, timeline) / 100) * LINE_BOX.width).toFixed(1);
  return `${x} ${((1 - shareOf(value, axis)) * LINE_BOX.height).toFixed(1)}`;
}

/** drawLastMark draws the mark of the arm at the end of its line. A shared series gets a mark only if it has one point. */
function drawLastMark(series: TimelineSeries, axis: StripAxis, timeline: Timeline, height: number): Markup {
  const last = series.points.findLast(([, value]) => value !== null);
  if (last === undefined || last[1] === null) return NOTHING;
  const [place, y] = [placeInTime(last[0], timeline), heightOf(last[1], axis, height)];
  if (series.arm !== null) return armMark(series.arm, place, y);
  const isAlone = series.points.filter(([, value]) => value !== null).length === 1;
  return isAlone ? markup`<circle class="mark arm-none" cx="${place}%" cy="${y}" r="3"/>` : NOTHING;
}

function drawEventLines(timeline: Timeline): readonly Markup[] {
  if (timeline.events.length > MOST_DRAWN_EVENTS) return [];
  return timeline.events.map(({ atMs, kind, label }) => {
    const place = placeInTime(atMs, timeline);
    return markup`<line class="event" x1="${place}%" x2="${place}%" y1="0" y2="100%">
<title>${formatClock(atMs)} ${kind}: ${label}</title></line>`;
  });
}

/** drawExcluded shades the periods that were excluded from the estimates. The reason is shown on hover. */
export function drawExcluded(timeline: Timeline): readonly Markup[] {
  return timeline.excluded.map(({ startMs, endMs, reason }) => {
    const left = placeInTime(startMs, timeline);
    const width = Number((placeInTime(endMs, timeline) - left).toFixed(2));
    return markup`<rect class="excluded" x="${left}%" width="${width}%" y="0" height="100%"><title>excluded: ${reason}</title>
</rect>`;
  });
}

/** drawTimeAxis draws the clock below a group of strips. */
export function drawTimeAxis(timeline: Timeline): Markup {
  const ticks = clockTicks(timeline.durationMs);
  return drawHorizontalAxis(ticks.map((atMs) => ({ place: placeInTime(atMs, timeline), label: formatClock(atMs) })));
}

/** placeInTime returns a time in per cent of the time axis, which all charts of a page share. */
export function placeInTime(atMs: number, timeline: Timeline): number {
  return Number(Math.min(100, Math.max(0, (atMs / Math.max(1, timeline.durationMs)) * 100)).toFixed(2));
}

/**
 * decimatePoints reduces a series to at most `most` points and keeps the peaks: of each period it keeps the lowest and the
 * highest value, in order of time. A mean would hide short peaks. A period without values stays a gap.
 */
export function decimatePoints(points: Points, most: number): Points {
  if (points.length <= most) return points;
  const size = Math.ceil(points.length / Math.floor(most / 2));
  const kept: (readonly [number, number | null])[] = [];
  for (let start = 0; start < points.length; start += size) {
    const stretch = points.slice(start, start + size);
    const lowest = extreme(stretch, -1);
    const highest = extreme(stretch, 1);
    const pair = lowest === highest ? [lowest] : [lowest, highest].toSorted((a, b) => a - b);
    for (const index of pair) {
      const point = stretch[index];
      if (point !== undefined) kept.push(point);
    }
  }
  return kept;
}

/** extreme returns the index of the largest value, or of the smallest for sign -1; 0 if there are no values. */
function extreme(points: Points, sign: 1 | -1): number {
  let best = 0;
  let bestValue = Number.NEGATIVE_INFINITY;
  for (const [index, [, value]] of points.entries()) {
    if (value === null || sign * value <= bestValue) continue;
    best = index;
    bestValue = sign * value;
  }
  return best;
}
