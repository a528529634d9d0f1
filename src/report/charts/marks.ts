import type { Arm } from "../../domain/arm.ts";
import type { Judgement } from "../words/judgement.ts";
import { type Markup, markup } from "../words/markup.ts";

/** ARM_SHAPE gives each arm a mark of its own, in charts and in words: a ring for the baseline, a diamond for the candidate. */
const ARM_SHAPE: Readonly<Record<Arm, Markup>> = {
  baseline: markup`<circle class="mark" r="3.6"/>`,
  candidate: markup`<path class="mark" d="M0-5 5 0 0 5-5 0Z"/>`,
};

const JUDGEMENT_SHAPE: Readonly<Record<Judgement, Markup>> = {
  regressed: markup`<path class="mark" d="M0-6.5 6.5 5h-13Z"/>`,
  inconclusive: markup`<path class="mark hollow" d="M0-6 6 0 0 6-6 0Z"/>`,
  "not-worse": markup`<rect class="mark hollow" x="-4.5" y="-4.5" width="9" height="9"/>`,
  equivalent: markup`<rect class="mark" x="-4.5" y="-4.5" width="9" height="9"/>`,
  improved: markup`<path class="mark" d="M0 6.5 6.5-5h-13Z"/>`,
};

/** armMark draws an arm's mark at a place in per cent of the width and in pixels of the height. */
export function armMark(arm: Arm, percent: number, y: number): Markup {
  return markup`<svg class="arm-${arm}" x="${percent}%" y="${y}" overflow="visible">${ARM_SHAPE[arm]}</svg>`;
}

/** judgementMark draws the mark of a judgement; each has its own shape. */
export function judgementMark(judgement: Judgement, percent: number, y: number): Markup {
  return markup`<svg class="is-${judgement}" x="${percent}%" y="${y}" overflow="visible">${JUDGEMENT_SHAPE[judgement]}</svg>`;
}

/** armSign is the mark of an arm in front of a figure. */
export function armSign(arm: Arm): Markup {
  const box = markup`width="12" height="12" viewBox="-6 -6 12 12"`;
  return markup`<svg class="key arm-${arm}" ${box} aria-hidden="true">${ARM_SHAPE[arm]}</svg>`;
}

/** armKey is the mark of an arm on its line, as it is drawn in the time lines. */
export function armKey(arm: Arm): Markup {
  return markup`<svg class="key arm-${arm}" width="26" height="12" viewBox="-13 -6 26 12" aria-hidden="true">
<line class="stroke" x1="-13" x2="13" y1="0" y2="0"/>${ARM_SHAPE[arm]}</svg>`;
}

/** judgementKey is the mark of a judgement inside a line of text, in front of its word. */
export function judgementKey(judgement: Judgement): Markup {
  const box = markup`width="14" height="14" viewBox="-7 -7 14 14"`;
  return markup`<svg class="key is-${judgement}" ${box} aria-hidden="true">${JUDGEMENT_SHAPE[judgement]}</svg>`;
}
