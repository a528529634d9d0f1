import { type AddedPart, type AddedTime, type Attribution, PART_WORDS } from "../../domain/judgement/evaluation.ts";
import { formatSetting, formatSigned, PAGE_NOTATION } from "../words/figures.ts";
import { type Markup, markup, NOTHING } from "../words/markup.ts";
import { type AxisScale, niceTicks, placeOn, spacedTicks } from "./axis.ts";

/** Labels nearer than this would touch on a telephone, in per cent of the axis. */
const TICK_DISTANCE = 30;

/**
 * drawWaterfall draws added milliseconds one behind the other: where one bar ends the next begins, so that the last end is all of
 * them. Names and figures are text, so that nothing is lost where the bars are not seen.
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
<span class="muted">ms, candidate minus baseline; better: less</span></figcaption>
${falls.map(
  (fall) => markup`<div class="fall">
<span>${fall.name}</span>${drawBar(fall, scale)}
<span class="num">${formatSigned(fall.end - fall.start, PAGE_NOTATION)}</span></div>`,
)}
${falls.length > 1 ? last : NOTHING}<div class="fall"><span></span>${drawAxis(scale)}<span class="axis-name">ms</span></div>
${words}</figure>`;
}

interface Bar {
  readonly kind: Fall["kind"] | "total";
  readonly start: number;
  readonly end: number;
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
  const labels = ticks.map((value) => {
    const place = placeOn(scale, value);
    const anchor = place < 4 ? "start" : place > 95 ? "end" : "middle";
    return markup`<line class="tick" x1="${place}%" x2="${place}%" y1="0" y2="5"/>
<text x="${place}%" y="18" text-anchor="${anchor}">${formatSetting(value, PAGE_NOTATION)}</text>`;
  });
  return markup`<svg class="axis" width="100%" height="24" aria-hidden="true">
<line class="tick" x1="0" x2="100%" y1="0.5" y2="0.5"/>${labels}</svg>`;
}

function boundsOf(edges: readonly number[]): { readonly minimum: number; readonly maximum: number } {
  const maximum = Math.max(0, ...edges);
  const minimum = Math.min(0, ...edges);
  return maximum === minimum ? { minimum: 0, maximum: 1 } : { minimum, maximum: niceTicks(maximum, 4).at(-1) ?? maximum };
}

/** Waterfall is added time in bars of which each begins where the one before it ended. */
export interface Waterfall {
  readonly title: string;
  readonly falls: readonly Fall[];
  /** What the falls come to, and what that is called. */
  readonly total: { readonly name: string; readonly end: number };
}

export interface Fall {
  readonly name: string;
  /** What nothing explains is drawn as such. */
  readonly kind: "part" | "unknown";
  readonly start: number;
  readonly end: number;
}

/** Bars shorter than this share of the longest would be too short to see: they fall as one. */
const leastShare = 0.02;

/** stepFalls is the waterfall of one step: its parts add up to the time that a request takes longer. */
export function stepFalls({ step, parts, addedMs }: AddedTime): Waterfall {
  const longest = Math.max(0, ...parts.map((part) => Math.abs(part.addedMs)));
  const shown = parts.filter((part) => Math.abs(part.addedMs) >= leastShare * longest);
  const small = parts.filter((part) => !shown.includes(part)).reduce((sum, part) => sum + part.addedMs, 0);
  const lengths = [
    ...shown.filter(({ part }) => part !== "unexplained").map(lengthOf),
    ...(small === 0 ? [] : [{ name: "smaller parts", ms: small, kind: "part" as const }]),
    ...shown.filter(({ part }) => part === "unexplained").map(lengthOf),
  ];
  return { title: `Added time per request: ${step}`, falls: fallsOf(lengths), total: { name: "in all", end: addedMs } };
}

/** serviceFalls is the waterfall of one service's findings, for verdicts that hold no time by step. */
export function serviceFalls(findings: readonly Attribution[]): Waterfall {
  const lengths = findings.flatMap(({ layer, addedMs }) =>
    addedMs === null ? [] : [layer === "cannot-tell" ? unknown(addedMs) : { name: layer, ms: addedMs, kind: "part" as const }],
  );
  const falls = fallsOf(lengths);
  const title = `Added time per transaction: ${findings[0]?.service ?? ""}`;
  return { title, falls, total: { name: "named in all", end: falls.at(-1)?.end ?? 0 } };
}

interface Length {
  readonly name: string;
  readonly kind: Fall["kind"];
  readonly ms: number;
}

function lengthOf({ part, addedMs }: AddedPart): Length {
  return { name: PART_WORDS[part], kind: part === "unexplained" ? "unknown" : "part", ms: addedMs };
}

function unknown(ms: number): Length {
  return { name: "cannot tell", kind: "unknown", ms };
}

function fallsOf(lengths: readonly Length[]): Fall[] {
  let end = 0;
  return lengths.map(({ name, kind, ms }) => {
    const start = end;
    end += ms;
    return { name, kind, start, end };
  });
}
