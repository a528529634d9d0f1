import { niceEnd, niceTicks } from "./axis-scale.ts";
import { PAGE_NOTATION, formatSetting } from "./figures.ts";
import { scaleOf } from "./quantity.ts";
import type { TimelineStrip } from "./timeline-strip.ts";

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
