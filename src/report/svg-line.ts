import type { Timeline, TimelineSeries } from "../domain/judgement/timeline.ts";
import { decimatePoints } from "./decimate.ts";
import { type Markup, markup, NOTHING } from "./markup.ts";
import { shareOf, type StripAxis } from "./strip-axis.ts";
import { placeInTime } from "./time-place.ts";
import { partOf } from "./timeline-strip.ts";

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
