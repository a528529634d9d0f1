import type { IndicatorChange } from "../domain/judgement/evaluation.ts";
import { placeOn } from "./axis-scale.ts";
import { describeChange } from "./effect-words.ts";
import { PAGE_NOTATION } from "./figures.ts";
import type { ForestPanel } from "./forest-panel.ts";
import { JUDGEMENT_WORD, judgementOf } from "./judgement.ts";
import { type Markup, markup, NOTHING } from "./markup.ts";
import { judgementMark } from "./svg-marks.ts";

const ROW_HEIGHT = 32;
const MIDDLE = ROW_HEIGHT / 2;
const AXIS_HEIGHT = 24;
/** Labels this near to an end of the axis are set inwards, in per cent. */
const NEAR_END = 5;

/** drawEffect draws one effect: margin band, line of no change, interval, and the estimate in the shape of its change. */
export function drawEffect(change: IndicatorChange, panel: ForestPanel): Markup {
  const title = `${change.label}: ${JUDGEMENT_WORD[judgementOf(change)]}. ${describeChange(change, PAGE_NOTATION)}`;
  const neutral = placeOn(panel.scale, panel.neutral);
  return markup`<svg class="effect-plot" width="100%" height="${ROW_HEIGHT}" role="img" aria-label="${title}">
<title>${title}</title>
<rect class="catch" width="100%" height="100%"/>${drawBand(change, panel)}
${change.effect === null ? NOTHING : markup`<line class="neutral" x1="${neutral}%" x2="${neutral}%" y1="0" y2="${ROW_HEIGHT}"/>`}
<g class="is-${judgementOf(change)}">${drawInterval(change, panel)}</g>${drawEstimate(change, panel)}
</svg>`;
}

/** drawForestAxis draws the ticks that all rows of a panel share. */
export function drawForestAxis(panel: ForestPanel): Markup {
  const ticks = panel.ticks.map(({ value, label }) => {
    const place = placeOn(panel.scale, value);
    const anchor = place < NEAR_END ? "start" : place > 100 - NEAR_END ? "end" : "middle";
    return markup`<line class="tick" x1="${place}%" x2="${place}%" y1="0" y2="5"/>
<text x="${place}%" y="18" text-anchor="${anchor}">${label}</text>`;
  });
  return markup`<svg class="axis" width="100%" height="${AXIS_HEIGHT}" aria-hidden="true">
<line class="tick" x1="0" x2="100%" y1="0.5" y2="0.5"/>${ticks}</svg>`;
}

function drawBand({ marginLower, marginUpper }: IndicatorChange, { scale }: ForestPanel): Markup {
  if (marginLower === null && marginUpper === null) return NOTHING;
  const left = marginLower === null ? 0 : placeOn(scale, marginLower);
  const right = marginUpper === null ? 100 : placeOn(scale, marginUpper);
  return markup`<rect class="band" x="${left}%" width="${fixed(right - left)}%" y="2" height="${ROW_HEIGHT - 4}"/>`;
}

function drawInterval({ lower, upper }: IndicatorChange, { scale }: ForestPanel): Markup {
  if (lower === null && upper === null) return NOTHING;
  const left = lower === null ? 0 : placeOn(scale, lower);
  const right = upper === null ? 100 : placeOn(scale, upper);
  const cap = (place: number, value: number | null): Markup =>
    value === null || value < scale.minimum || value > scale.maximum
      ? NOTHING
      : markup`<line class="interval" x1="${place}%" x2="${place}%" y1="${MIDDLE - 5}" y2="${MIDDLE + 5}"/>`;
  const line = markup`<line class="interval" x1="${left}%" x2="${right}%" y1="${MIDDLE}" y2="${MIDDLE}"/>`;
  return markup`${line}${cap(left, lower)}${cap(right, upper)}`;
}

function drawEstimate(change: IndicatorChange, { scale }: ForestPanel): Markup {
  if (change.effect === null)
    return markup`<text class="no-data" x="50%" y="${MIDDLE + 4}" text-anchor="middle">no estimate</text>`;
  return judgementMark(judgementOf(change), placeOn(scale, change.effect), MIDDLE);
}

function fixed(value: number): number {
  return Number(value.toFixed(2));
}
