import { ARMS } from "../../domain/arm.ts";
import type { Timeline, TimelineSeries } from "../../domain/judgement/timeline.ts";
import { formatClock } from "../words/figures.ts";
import { type Markup, markup, NOTHING } from "../words/markup.ts";
import { clockTicks, heightOf, partOf, shareOf, STRIP_INSET, type StripAxis, type TimelineStrip } from "./axis.ts";
import { armMark } from "./marks.ts";

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

/** 300 points are about one a pixel column of a telephone, and keep the page of an hour small. */
const MOST_POINTS = 300;

/** Lines are drawn in a box of this size, which the page stretches to its own width. */
export const LINE_BOX = { width: 1000, height: 100 } as const;

/** drawLine draws one series; a gap stays a gap. */
export function drawLine(series: TimelineSeries, axis: StripAxis, timeline: Timeline): Markup {
  let path = "";
  let pen: "up" | "down" = "up";
  for (const [atMs, value] of decimatePoints(series.points, MOST_POINTS)) {
    // A lone point between two gaps has no line to be seen by; a stroke of no length with round ends shows it as a dot.
    const at = value === null ? "" : spot(atMs, value, axis, timeline);
    if (value !== null) path += pen === "up" ? `M${at}h0` : `L${at}`;
    pen = value === null ? "up" : "down";
  }
  const part = partOf(series);
  const arm = series.arm ?? "none";
  return path === "" ? NOTHING : markup`<path class="line arm-${arm} part-${part === "" ? "one" : part}" d="${path}"/>`;
}

/** drawSpread tints what lies between the p50 and the p95 of one arm. Lines with gaps go without, since it would bridge them. */
export function drawSpread(series: readonly TimelineSeries[], axis: StripAxis, timeline: Timeline): Markup {
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

function spot(atMs: number, value: number, axis: StripAxis, timeline: Timeline): string {
  const x = ((placeInTime(atMs, timeline) / 100) * LINE_BOX.width).toFixed(1);
  return `${x} ${((1 - shareOf(value, axis)) * LINE_BOX.height).toFixed(1)}`;
}

type Points = TimelineSeries["points"];

/**
 * decimatePoints keeps at most `most` points and every peak: each stretch of time leaves its lowest and its highest value, in
 * their order. A mean would hide the very second that a reader looks for. A stretch without any value stays a gap.
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

/** extreme finds the index of the largest value (of the smallest for sign -1); 0 where there is none. */
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

/** placeInTime gives a moment in per cent of the time axis, which is the same for every picture of a page. */
export function placeInTime(atMs: number, timeline: Timeline): number {
  return Number(Math.min(100, Math.max(0, (atMs / Math.max(1, timeline.durationMs)) * 100)).toFixed(2));
}
