import { type AddedPart, type AddedTime, type Attribution, PART_WORDS } from "../../domain/judgement/evaluation.ts";
import { formatSetting, formatSigned, PAGE_NOTATION } from "../words/figures.ts";
import { type Markup, markup, NOTHING } from "../words/markup.ts";
import { type AxisScale, drawHorizontalAxis, niceTicks, placeOn, spacedTicks } from "./axis.ts";

/** Waterfall is added time as a list of bars. Each bar begins where the previous bar ends. */
export interface Waterfall {
  readonly title: string;
  readonly falls: readonly Fall[];
  /** Name and value of the sum of all bars, in ms. */
  readonly total: { readonly name: string; readonly end: number };
}

/** Fall is one bar of a waterfall; `start` and `end` are in ms. */
interface Fall {
  readonly name: string;
  /** `unknown`: time that no measurement explains. */
  readonly kind: "part" | "unknown";
  readonly start: number;
  readonly end: number;
}

interface Bar {
  readonly kind: Fall["kind"] | "total";
  readonly start: number;
  readonly end: number;
}

interface Length {
  readonly name: string;
  readonly kind: Fall["kind"];
  readonly ms: number;
}

/** Minimum distance of ticks in per cent of the axis: labels closer than this overlap on a phone. */
const TICK_DISTANCE = 30;

/** Parts shorter than this share of the longest part are shown as one bar. */
const LEAST_SHARE = 0.02;

/** stepFalls returns the waterfall of one step: the parts add up to the added time per request. */
export function stepFalls({ step, parts, addedMs }: AddedTime): Waterfall {
  const longest = Math.max(0, ...parts.map((part) => Math.abs(part.addedMs)));
  const shown = parts.filter((part) => Math.abs(part.addedMs) >= LEAST_SHARE * longest);
  const small = parts.filter((part) => !shown.includes(part)).reduce((sum, part) => sum + part.addedMs, 0);
  const lengths = [
    ...shown.filter(({ part }) => part !== "unexplained").map(lengthOf),
    ...(small === 0 ? [] : [{ name: "smaller parts", ms: small, kind: "part" as const }]),
    ...shown.filter(({ part }) => part === "unexplained").map(lengthOf),
  ];
  return { title: `Added time per request: ${step}`, falls: fallsOf(lengths), total: { name: "total", end: addedMs } };
}

/** serviceFalls returns the waterfall of the findings of one service, for verdicts without added time by step. */
export function serviceFalls(findings: readonly Attribution[]): Waterfall {
  const lengths = findings.flatMap(({ layer, addedMs }) =>
    addedMs === null ? [] : [layer === "cannot-tell" ? unknown(addedMs) : { name: layer, ms: addedMs, kind: "part" as const }],
  );
  const falls = fallsOf(lengths);
  const title = `Added time per transaction: ${findings[0]?.service ?? ""}`;
  return { title, falls, total: { name: "total attributed", end: falls.at(-1)?.end ?? 0 } };
}

function lengthOf({ part, addedMs }: AddedPart): Length {
  return { name: PART_WORDS[part], kind: part === "unexplained" ? "unknown" : "part", ms: addedMs };
}

function unknown(ms: number): Length {
  return { name: "layer unknown", kind: "unknown", ms };
}

function fallsOf(lengths: readonly Length[]): Fall[] {
  let end = 0;
  return lengths.map(({ name, kind, ms }) => {
    const start = end;
    end += ms;
    return { name, kind, start, end };
  });
}

/**
 * drawWaterfall draws a waterfall with a row for each bar and a last row for the total. `words` follows below the chart. Names
 * and numbers are text, so that the chart is complete without its bars.
 */
export function drawWaterfall({ title, falls, total }: Waterfall, words: Markup): Markup {
  if (falls.length === 0) return NOTHING;
  const edges = [...falls.flatMap((fall) => [fall.start, fall.end]), total.end];
  const scale: AxisScale = { kind: "linear", ...boundsOf(edges) };
  const last = markup`<div class="fall">
<strong>${total.name}</strong>${drawBar({ kind: "total", start: 0, end: total.end }, scale)}
<span class="num">${formatSigned(total.end, PAGE_NOTATION)}</span></div>`;
  return markup`<figure class="waterfall" data-chart="added-time"><figcaption>
<strong>${title}</strong>
<span class="muted">ms, candidate minus baseline; lower is better</span></figcaption>
${falls.map(
  (fall) => markup`<div class="fall">
<span>${fall.name}</span>${drawBar(fall, scale)}
<span class="num">${formatSigned(fall.end - fall.start, PAGE_NOTATION)}</span></div>`,
)}
${falls.length > 1 ? last : NOTHING}<div class="fall"><span></span>${drawAxis(scale)}<span class="axis-name">ms</span></div>
${words}</figure>`;
}

function boundsOf(edges: readonly number[]): { readonly minimum: number; readonly maximum: number } {
  const maximum = Math.max(0, ...edges);
  const minimum = Math.min(0, ...edges);
  return maximum === minimum ? { minimum: 0, maximum: 1 } : { minimum, maximum: niceTicks(maximum, 4).at(-1) ?? maximum };
}

function drawBar(fall: Bar, scale: AxisScale): Markup {
  const left = placeOn(scale, Math.min(fall.start, fall.end));
  const right = placeOn(scale, Math.max(fall.start, fall.end));
  const direction = fall.end >= fall.start ? "more" : "less";
  const zero = placeOn(scale, 0);
  const width = Math.max(0.4, right - left).toFixed(2);
  return markup`<svg width="100%" height="22" aria-hidden="true">
<line class="neutral" x1="${zero}%" x2="${zero}%" y1="0" y2="22"/>
<rect class="mark bar-${direction} bar-${fall.kind}" x="${left}%" width="${width}%" y="3" height="16" rx="2"/></svg>`;
}

function drawAxis(scale: AxisScale): Markup {
  const ticks = spacedTicks([0, scale.maximum, ...niceTicks(scale.maximum, 4)], scale, TICK_DISTANCE);
  return drawHorizontalAxis(ticks.map((value) => ({ place: placeOn(scale, value), label: formatSetting(value, PAGE_NOTATION) })));
}
