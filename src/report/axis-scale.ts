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
