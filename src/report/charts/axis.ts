import type { Timeline, TimelineSeries } from "../../domain/judgement/timeline.ts";
import type { Layer } from "../../domain/service.ts";
import { formatSetting, PAGE_NOTATION, scaleOf } from "../words/figures.ts";
import { type Markup, markup } from "../words/markup.ts";

/** AxisScale maps values to 0 to 100 per cent of the length of an axis, so that charts scale with the page. */
export interface AxisScale {
  readonly minimum: number;
  readonly maximum: number;
  readonly kind: "linear" | "logarithmic";
}

/** TimelineStrip is one chart on the time axis: the series of both arms with the same quantity and unit. */
export interface TimelineStrip {
  readonly label: string;
  readonly unit: string;
  readonly layer: Layer;
  readonly chart: TimelineSeries["chart"];
  readonly series: readonly TimelineSeries[];
}

/** StripAxis is the vertical axis of a strip. It includes zero and ends at round numbers; `unit` is the display unit. */
export interface StripAxis {
  readonly minimum: number;
  readonly maximum: number;
  readonly unit: string;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
}

/** Labels closer than this to an end of the axis are aligned inwards, in per cent of the axis. */
const NEAR_END = 5;

/** CLOCK_STEPS are the possible distances between the ticks of a time axis, in seconds. */
const CLOCK_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400] as const;

/** Strips up to this height show only the two ends of their axis, in pixels. */
const LOW_STRIP = 90;

/** Space above and below the plot for half a line of axis text, in pixels. */
export const STRIP_INSET = 8;

/** SI prefixes of tick labels; values below 100,000 are written out. */
const TICK_PREFIXES = [
  { from: 1e12, power: 1e12, sign: "T" },
  { from: 1e9, power: 1e9, sign: "G" },
  { from: 1e6, power: 1e6, sign: "M" },
  { from: 1e5, power: 1e3, sign: "k" },
] as const;

/** PARTS are the last words of a series id that name a line within a strip, not the quantity. */
const PARTS = new Set(["planned", "achieved", "failed", "dropped", "p50", "p90", "p95", "p99", "baseline", "candidate"]);

/** drawHorizontalAxis draws a base line with labelled ticks; `place` is in per cent of the width. */
export function drawHorizontalAxis(ticks: readonly { readonly place: number; readonly label: string }[]): Markup {
  const marks = ticks.map(({ place, label }) => {
    const anchor = place < NEAR_END ? "start" : place > 100 - NEAR_END ? "end" : "middle";
    return markup`<line class="tick" x1="${place}%" x2="${place}%" y1="0" y2="5"/>
<text x="${place}%" y="18" text-anchor="${anchor}">${label}</text>`;
  });
  return markup`<svg class="axis" width="100%" height="24" aria-hidden="true">
<line class="tick" x1="0" x2="100%" y1="0.5" y2="0.5"/>${marks}</svg>`;
}

/** placeOn returns the place of a value in per cent of the axis, limited to 0 to 100. */
export function placeOn(scale: AxisScale, value: number): number {
  const { minimum, maximum, kind } = scale;
  if (kind === "linear") return clamp(((value - minimum) / (maximum - minimum)) * 100);
  return clamp(value <= 0 ? 0 : (Math.log(value / minimum) / Math.log(maximum / minimum)) * 100);
}

function clamp(percent: number): number {
  return Number(Math.min(100, Math.max(0, percent)).toFixed(2));
}

/** spacedTicks picks ticks in order of preference and skips those closer than `distance` per cent to a picked one. */
export function spacedTicks(wanted: readonly number[], scale: AxisScale, distance: number): readonly number[] {
  const taken: number[] = [];
  for (const value of wanted) {
    const place = placeOn(scale, value);
    if (taken.every((other) => Math.abs(placeOn(scale, other) - place) >= distance)) taken.push(value);
  }
  return taken.toSorted((a, b) => a - b);
}

/** niceTicks returns at most `most` round steps from zero to the largest value or just above; the last is the axis end. */
export function niceTicks(largest: number, most: number): readonly number[] {
  if (!(largest > 0) || !Number.isFinite(largest)) return [0, 1];
  const step = niceStep(largest / most);
  const count = Math.ceil(largest / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

/** niceStep returns the next round step at or above `rough`. */
function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough - 1e-12) ?? 10) * power;
}

/** niceEnd returns the next round number at or above the largest value, for an axis that shows only its ends. */
export function niceEnd(largest: number): number {
  if (!(largest > 0) || !Number.isFinite(largest)) return 1;
  const power = 10 ** Math.floor(Math.log10(largest));
  const end = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((factor) => factor * power >= largest) ?? 10;
  return Number((end * power).toPrecision(12));
}

/** clockTicks returns at most six ticks of a time axis, in milliseconds. */
export function clockTicks(durationMs: number): readonly number[] {
  if (durationMs <= 0) return [0];
  const step = (CLOCK_STEPS.find((seconds) => durationMs / (seconds * 1000) <= 5) ?? durationMs / 5000) * 1000;
  return Array.from({ length: Math.floor(durationMs / step + 1e-9) + 1 }, (_, index) => index * step);
}

/** timelineStrips groups series by quantity: ids that differ only in arm, quantile, or planned and achieved. */
export function timelineStrips(timeline: Timeline, chart: TimelineSeries["chart"]): readonly TimelineStrip[] {
  const groups = new Map<string, TimelineSeries[]>();
  for (const series of timeline.series) {
    if (series.chart !== chart) continue;
    const key = `${series.layer} ${series.unit} ${stemOf(series.id)}`;
    groups.set(key, [...(groups.get(key) ?? []), series]);
  }
  return [...groups.values()].flatMap((series) => {
    const [first] = series;
    if (first === undefined) return [];
    const { unit, layer } = first;
    return [{ label: commonLabel(series), unit, layer, chart, series }];
  });
}

/** stemOf returns a series id without its parts. */
function stemOf(id: string): string {
  const words = id.split(/([./:])/);
  while (words.length > 1 && PARTS.has(words.at(-1) ?? "")) words.splice(-2);
  return words.join("");
}

/** commonLabel returns the words common to all labels: "orders planned" and "orders achieved" give "orders". */
function commonLabel(series: readonly TimelineSeries[]): string {
  const [first = [], ...others] = series.map(({ label }) => label.split(" "));
  const shared = first.filter((word) => others.every((words) => words.includes(word)));
  const label = shared.join(" ").replace(/[,:(]+$/, "");
  return label === "" ? first.join(" ") : label;
}

/** partOf returns the word that identifies a line within its strip, such as `p95` or `planned`; "" if there is none. */
export function partOf(series: TimelineSeries): string {
  return series.id.split(/[./:]/).findLast((word) => PARTS.has(word) && word !== "baseline" && word !== "candidate") ?? "";
}

/** stripAxis returns the axis of a strip, or null if the strip has no values. */
export function stripAxis(strip: TimelineStrip, height: number): StripAxis | null {
  const values = strip.series.flatMap(({ points }) => points.flatMap(([, value]) => (value === null ? [] : [value])));
  if (values.length === 0) return null;
  const largest = values.reduce((a, b) => Math.max(a, b), 0);
  const smallest = values.reduce((a, b) => Math.min(a, b), 0);
  const ticks = ticksOf(smallest, largest, height);
  const scale = scaleOf(strip.unit, [largest, smallest]);
  return {
    minimum: ticks[0] ?? 0,
    maximum: ticks.at(-1) ?? 1,
    unit: scale.unit,
    ticks: ticks.map((value) => ({ value, label: formatTick(Number((value * scale.factor).toPrecision(6))) })),
  };
}

function ticksOf(smallest: number, largest: number, height: number): readonly number[] {
  if (smallest < 0) return [-niceEnd(-smallest), largest > 0 ? niceEnd(largest) : 0];
  return height > LOW_STRIP ? niceTicks(largest, 4) : [0, niceEnd(largest)];
}

/** formatTick shortens large numbers with an SI prefix, so that labels fit into the axis column. */
function formatTick(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e15) return value.toExponential(0);
  const prefix = TICK_PREFIXES.find(({ from }) => size >= from);
  if (prefix === undefined) return formatSetting(value, PAGE_NOTATION);
  return formatSetting(Number((value / prefix.power).toPrecision(3)), PAGE_NOTATION) + prefix.sign;
}

/** shareOf returns the place of a value between the lower end (0) and the upper end (1) of the axis. */
export function shareOf(value: number, axis: StripAxis): number {
  return (value - axis.minimum) / (axis.maximum - axis.minimum);
}

/** heightOf returns the place of a value in pixels from the top of a strip. */
export function heightOf(value: number, axis: StripAxis, height: number): number {
  return Number((height - STRIP_INSET - shareOf(value, axis) * (height - 2 * STRIP_INSET)).toFixed(1));
}
