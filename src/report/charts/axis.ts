import type { Timeline, TimelineSeries } from "../../domain/judgement/timeline.ts";
import type { Layer } from "../../domain/service.ts";
import { formatSetting, PAGE_NOTATION, scaleOf } from "../words/figures.ts";

/** AxisScale places values between 0 and 100 per cent of an axis, so that a chart stretches with the page. */
export interface AxisScale {
  readonly minimum: number;
  readonly maximum: number;
  readonly kind: "linear" | "logarithmic";
}

/** placeOn gives the place of a value in per cent of the axis, kept on the axis. */
export function placeOn(scale: AxisScale, value: number): number {
  const { minimum, maximum, kind } = scale;
  if (kind === "linear") return clamp(((value - minimum) / (maximum - minimum)) * 100);
  return clamp(value <= 0 ? 0 : (Math.log(value / minimum) / Math.log(maximum / minimum)) * 100);
}

/** spacedTicks takes the most wanted ticks, given first, that stay `distance` per cent apart, so that labels have room. */
export function spacedTicks(wanted: readonly number[], scale: AxisScale, distance: number): readonly number[] {
  const taken: number[] = [];
  for (const value of wanted) {
    const place = placeOn(scale, value);
    if (taken.every((other) => Math.abs(placeOn(scale, other) - place) >= distance)) taken.push(value);
  }
  return taken.toSorted((a, b) => a - b);
}

/** niceTicks gives at most `most` round steps from zero to just above the largest value; the last one is the end of the axis. */
export function niceTicks(largest: number, most: number): readonly number[] {
  if (!(largest > 0) || !Number.isFinite(largest)) return [0, 1];
  const step = niceStep(largest / most);
  const count = Math.ceil(largest / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

/** niceEnd gives the next round number above the largest value, for an axis that shows nothing but its ends. */
export function niceEnd(largest: number): number {
  if (!(largest > 0) || !Number.isFinite(largest)) return 1;
  const power = 10 ** Math.floor(Math.log10(largest));
  const end = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((factor) => factor * power >= largest) ?? 10;
  return Number((end * power).toPrecision(12));
}

/** CLOCK_STEPS are the steps between the ticks of a time axis, in seconds. */
const CLOCK_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400] as const;

/** clockTicks gives at most six ticks in milliseconds, at steps that a clock has. */
export function clockTicks(durationMs: number): readonly number[] {
  if (durationMs <= 0) return [0];
  const step = (CLOCK_STEPS.find((seconds) => durationMs / (seconds * 1000) <= 5) ?? durationMs / 5000) * 1000;
  return Array.from({ length: Math.floor(durationMs / step + 1e-9) + 1 }, (_, index) => index * step);
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough - 1e-12) ?? 10) * power;
}

function clamp(percent: number): number {
  return Number(Math.min(100, Math.max(0, percent)).toFixed(2));
}

/** A strip this low has room for the two ends of its axis and nothing between, in pixels. */
const LOW_STRIP = 90;
/** Room above and below the plot for half a line of axis text, in pixels. */
export const STRIP_INSET = 8;

/** Prefixes of SI; thousands stay written out as long as they fit. */
const TICK_PREFIXES = [
  { from: 1e12, power: 1e12, sign: "T" },
  { from: 1e9, power: 1e9, sign: "G" },
  { from: 1e6, power: 1e6, sign: "M" },
  { from: 1e5, power: 1e3, sign: "k" },
] as const;

/** StripAxis is the vertical axis of a strip: it holds zero, ends at round figures, and has the unit that reads best. */
export interface StripAxis {
  readonly minimum: number;
  readonly maximum: number;
  readonly unit: string;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
}

/** stripAxis is null where a strip holds no value at all. */
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

/** shareOf gives the place of a value between the lower end (0) and the upper end (1) of the axis. */
export function shareOf(value: number, axis: StripAxis): number {
  return (value - axis.minimum) / (axis.maximum - axis.minimum);
}

/** heightOf gives the place of a value in pixels from the top of a strip. */
export function heightOf(value: number, axis: StripAxis, height: number): number {
  return Number((height - STRIP_INSET - shareOf(value, axis) * (height - 2 * STRIP_INSET)).toFixed(1));
}

/** formatTick keeps labels within the column of the axis: long figures get the prefix of their power of ten. */
function formatTick(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e15) return value.toExponential(0);
  const prefix = TICK_PREFIXES.find(({ from }) => size >= from);
  if (prefix === undefined) return formatSetting(value, PAGE_NOTATION);
  return formatSetting(Number((value / prefix.power).toPrecision(3)), PAGE_NOTATION) + prefix.sign;
}

function ticksOf(smallest: number, largest: number, height: number): readonly number[] {
  if (smallest < 0) return [-niceEnd(-smallest), largest > 0 ? niceEnd(largest) : 0];
  return height > LOW_STRIP ? niceTicks(largest, 4) : [0, niceEnd(largest)];
}

/** TimelineStrip is one picture on the time axis: the series that share a quantity and a unit, of both arms. */
export interface TimelineStrip {
  readonly label: string;
  readonly unit: string;
  readonly layer: Layer;
  readonly chart: TimelineSeries["chart"];
  readonly series: readonly TimelineSeries[];
}

/** PARTS are the last words of a series' id that say which line of a strip it is, and not which quantity. */
const PARTS = new Set(["planned", "achieved", "failed", "dropped", "p50", "p90", "p95", "p99", "baseline", "candidate"]);

/** timelineStrips puts series of one quantity together: ids that differ only in arm, quantile, planned or achieved. */
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

/** partOf is the word that tells a line from the others of its strip: `p95`, `planned`; empty where there is none. */
export function partOf(series: TimelineSeries): string {
  return series.id.split(/[./:]/).findLast((word) => PARTS.has(word) && word !== "baseline" && word !== "candidate") ?? "";
}

function stemOf(id: string): string {
  const words = id.split(/([./:])/);
  while (words.length > 1 && PARTS.has(words.at(-1) ?? "")) words.splice(-2);
  return words.join("");
}

/** commonLabel keeps the words that all labels of a strip share: "orders planned" and "orders achieved" become "orders". */
function commonLabel(series: readonly TimelineSeries[]): string {
  const [first = [], ...others] = series.map(({ label }) => label.split(" "));
  const shared = first.filter((word) => others.every((words) => words.includes(word)));
  const label = shared.join(" ").replace(/[,:(]+$/, "");
  return label === "" ? first.join(" ") : label;
}
