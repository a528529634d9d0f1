import type { IndicatorChange } from "../../domain/judgement/evaluation.ts";
import { formatSetting, formatSigned, formatSignedPercent, PAGE_NOTATION, scaleOf } from "../words/figures.ts";
import { describeFigures, JUDGEMENT_WORD, judgementOf } from "../words/judgement.ts";
import { type Markup, markup, NOTHING } from "../words/markup.ts";
import { type AxisScale, drawHorizontalAxis, placeOn, spacedTicks } from "./axis.ts";
import { judgementMark } from "./marks.ts";

/** ForestPanel is a set of changes on one axis: same kind of effect, same direction of better, same unit. */
export interface ForestPanel {
  readonly title: string;
  readonly better: "lower" | "higher";
  readonly scale: AxisScale;
  /** The value of no change: 1 for ratios, 0 for differences. */
  readonly neutral: number;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
  /** In the order of the input. */
  readonly rows: readonly IndicatorChange[];
}

const ROW_HEIGHT = 32;
const MIDDLE = ROW_HEIGHT / 2;

/** Ratios beyond this factor, or its inverse, are drawn at the edge of the chart. */
const LARGEST_RATIO = 20;

/** Minimum distance of ticks in per cent of the axis: labels closer than this overlap on a phone. */
const TICK_DISTANCE = 17;

/** Candidate ticks of a ratio axis, in order of preference. */
const RATIO_TICKS = [1, 2, 0.5, 1.5, 5, 0.2, 10, 0.1, 3, 1.2, 0.8, 1.1, 0.9, 20, 0.05, 1.05, 0.95, 1.02, 0.98, 1.01, 0.99];

/** forestPanels groups changes that can share an axis. The order inside each panel is the order of the input. */
export function forestPanels(changes: readonly IndicatorChange[]): readonly ForestPanel[] {
  const groups = new Map<string, IndicatorChange[]>();
  for (const change of changes) {
    const unit = change.effectKind === "ratio" ? "" : change.unit;
    const key = `${change.effectKind} ${change.better} ${unit}`;
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return [...groups.values()].map(panelOf);
}

function panelOf(rows: readonly IndicatorChange[]): ForestPanel {
  const [first] = rows;
  const better = first?.better ?? "lower";
  return first?.effectKind === "difference" ? differencePanel(rows, first.unit, better) : ratioPanel(rows, better);
}

function ratioPanel(rows: readonly IndicatorChange[], better: "lower" | "higher"): ForestPanel {
  const values = valuesOf(rows).filter((value) => value > 0);
  const lowest = Math.max(1 / LARGEST_RATIO, Math.min(0.95, ...values));
  const highest = Math.min(LARGEST_RATIO, Math.max(1.05, ...values));
  const room = (highest / lowest) ** 0.04;
  const scale: AxisScale = { minimum: lowest / room, maximum: highest * room, kind: "logarithmic" };
  const inside = RATIO_TICKS.filter((value) => value >= scale.minimum && value <= scale.maximum);
  const ticks = spacedTicks(inside, scale, TICK_DISTANCE).map((value) => ({ value, label: ratioLabel(value) }));
  return { title: "Change in per cent of the baseline, log scale", better, scale, neutral: 1, ticks, rows };
}

function differencePanel(rows: readonly IndicatorChange[], unit: string, better: "lower" | "higher"): ForestPanel {
  const values = valuesOf(rows);
  const largest = Math.max(...values.map(Math.abs), Number.MIN_VALUE) * 1.08;
  const scale: AxisScale = { minimum: -largest, maximum: largest, kind: "linear" };
  const shown = scaleOf(unit, [largest]);
  const step = Number((largest * 0.6).toPrecision(1));
  const ticks = [0, step, -step].map((value) => ({ value, label: signedSetting(Number((value * shown.factor).toPrecision(6))) }));
  const title = `Difference in ${shown.unit === "%" ? "percentage points" : shown.unit}`;
  return { title, better, scale, neutral: 0, ticks, rows };
}

function valuesOf(rows: readonly IndicatorChange[]): readonly number[] {
  return rows
    .flatMap(({ effect, lower, upper, marginLower, marginUpper }) => [effect, lower, upper, marginLower, marginUpper])
    .filter((value): value is number => value !== null && Number.isFinite(value));
}

function ratioLabel(value: number): string {
  if (value === 1) return "0";
  if (value >= 5) return `×${formatSetting(value, PAGE_NOTATION)}`;
  return `${formatSignedPercent(value - 1, PAGE_NOTATION).replace(/\.0+$/, "")}${PAGE_NOTATION.gap}%`;
}

function signedSetting(value: number): string {
  return formatSigned(value, PAGE_NOTATION)
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");
}

/** drawEffect draws one change: margin band, line of no change, interval, and the estimate as the mark of its judgement. */
export function drawEffect(change: IndicatorChange, panel: ForestPanel): Markup {
  const title = `${change.label}: ${JUDGEMENT_WORD[judgementOf(change)]}. ${describeFigures(change, PAGE_NOTATION)}`;
  const neutral = placeOn(panel.scale, panel.neutral);
  return markup`<svg class="effect-plot" width="100%" height="${ROW_HEIGHT}" role="img" aria-label="${title}">
<title>${title}</title>
<rect class="catch" width="100%" height="100%"/>${drawBand(change, panel)}
${change.effect === null ? NOTHING : markup`<line class="neutral" x1="${neutral}%" x2="${neutral}%" y1="0" y2="${ROW_HEIGHT}"/>`}
<g class="is-${judgementOf(change)}">${drawInterval(change, panel)}</g>${drawEstimate(change, panel)}
</svg>`;
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

/** drawForestAxis draws the ticks that all rows of a panel share. */
export function drawForestAxis(panel: ForestPanel): Markup {
  return drawHorizontalAxis(panel.ticks.map(({ value, label }) => ({ place: placeOn(panel.scale, value), label })));
}
