import type { Attribution } from "../domain/evaluation.ts";
import { niceTicks, placeOn, spacedTicks, type AxisScale } from "./axis-scale.ts";
import { PAGE_NOTATION, formatSetting, formatSigned } from "./figures.ts";
import { NOTHING, markup, type Markup } from "./markup.ts";

/**
 * drawAddedTime draws the added milliseconds of each service's findings one behind the other, as a waterfall: where one bar ends
 * the next begins, so that the last end is all that could be explained.
 */
export function drawAddedTime(attribution: readonly Attribution[]): Markup {
  const services = [...new Set(attribution.map(({ service }) => service))];
  return markup`${services.map((service) => drawService(attribution.filter((finding) => finding.service === service)))}`;
}

/** Labels nearer than this would touch on a telephone, in per cent of the axis. */
const TICK_DISTANCE = 30;

interface Fall {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

function drawService(findings: readonly Attribution[]): Markup {
  const service = findings[0]?.service ?? "";
  const falls: Fall[] = [];
  let end = 0;
  for (const { layer, addedMs } of findings) {
    if (addedMs === null) continue;
    falls.push({ name: layer === "cannot-tell" ? "cannot tell" : layer, start: end, end: end + addedMs });
    end += addedMs;
  }
  if (falls.length === 0) return NOTHING;
  const edges = falls.flatMap((fall) => [fall.start, fall.end]);
  const scale: AxisScale = { kind: "linear", ...boundsOf(edges) };
  const total = markup`<div class="fall">
<strong>named in all</strong>${drawBar({ name: "", start: 0, end }, scale, "total")}
<span class="num">${formatSigned(end, PAGE_NOTATION)}</span></div>`;
  return markup`<figure class="waterfall" data-chart="added-time"><figcaption>
<strong>Added time per transaction: ${service}</strong>
<span class="muted">ms, candidate minus baseline; better: less</span></figcaption>
${falls.map(
  (fall) => markup`<div class="fall">
<span>${fall.name}</span>${drawBar(fall, scale, "part")}
<span class="num">${formatSigned(fall.end - fall.start, PAGE_NOTATION)}</span></div>`,
)}
${falls.length > 1 ? total : NOTHING}<div class="fall"><span></span>${drawAxis(scale)}<span class="axis-name">ms</span></div>
</figure>`;
}

function drawBar(fall: Fall, scale: AxisScale, kind: "part" | "total"): Markup {
  const left = placeOn(scale, Math.min(fall.start, fall.end));
  const right = placeOn(scale, Math.max(fall.start, fall.end));
  const direction = fall.end >= fall.start ? "more" : "less";
  const zero = placeOn(scale, 0);
  const width = Math.max(0.4, right - left).toFixed(2);
  return markup`<svg width="100%" height="22" aria-hidden="true">
<line class="neutral" x1="${zero}%" x2="${zero}%" y1="0" y2="22"/>
<rect class="mark bar-${kind} bar-${direction}" x="${left}%" width="${width}%" y="3" height="16" rx="2"/></svg>`;
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
