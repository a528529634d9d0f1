import type { Arm } from "../../domain/arm.ts";
import type { Judgement } from "../words/judgement.ts";
import { type Markup, markup } from "../words/markup.ts";

/** ARM_SHAPE holds the mark of each arm in charts and text: a ring for the baseline, a diamond for the candidate. */
const ARM_SHAPE: Readonly<Record<Arm, Markup>> = {
  baseline: markup`<circle class="mark" r="3.6"/>`,
  candidate: markup`<path class="mark" d="M0-5 5 0 0 5-5 0Z"/>`,
};

/** JUDGEMENT_SHAPE holds a different mark for each judgement. */
const JUDGEMENT_SHAPE: Readonly<Record<Judgement, Markup>> = {
  regressed: markup`<path class="mark" d="M0-6.5 6.5 5h-13Z"/>`,
  inconclusive: markup`<path class="mark hollow" d="M0-6 6 0 0 6-6 0Z"/>`,
  "not-worse": markup`<rect class="mark hollow" x="-4.5" y="-4.5" width="9" height="9"/>`,
  equivalent: markup`<rect class="mark" x="-4.5" y="-4.5" width="9" height="9"/>`,
  improved: markup`<path class="mark" d="M0 6.5 6.5-5h-13Z"/>`,
};

/** armMark draws the mark of an arm; x is in per cent of the width, y in pixels. */
export function armMark(arm: Arm, percent: number, y: number): Markup {
  return markup`<svg class="arm-${arm}" x="${percent}%" y="${y}" overflow="visible">${ARM_SHAPE[arm]}</svg>`;
}

/** judgementMark draws the mark of a judgement; x is in per cent of the width, y in pixels. */
export function judgementMark(judgement: Judgement, percent: number, y: number): Markup {
  return markup`<svg class="is-${judgement}" x="${percent}%" y="${y}" overflow="visible">${JUDGEMENT_SHAPE[judgement]}</svg>`;
}

/** armSign is the mark of an arm in front of a number. */
export function armSign(arm: Arm): Markup {
  const box = markup`width="12" height="12" viewBox="-6 -6 12 12"`;
  return markup`<svg class="key arm-${arm}" ${box} aria-hidden="true">${ARM_SHAPE[arm]}</svg>`;
}

/** armKey is the legend entry of an arm: its mark on its line, as in the timelines. */
export function armKey(arm: Arm): Markup {
  return markup`<svg class="key arm-${arm}" width="26" height="12" viewBox="-13 -6 26 12" aria-hidden="true">
<line class="stroke" x1="-13" x2="13" y1="0" y2="0"/>${ARM_SHAPE[arm]}</svg>`;
}

/** judgementKey is the mark of a judgement in front of its label in text. */
export function judgementKey(judgement: Judgement): Markup {
  const box = markup`width="14" height="14" viewBox="-7 -7 14 14"`;
  return markup`<svg class="key is-${judgement}" ${box} aria-hidden="true">${JUDGEMENT_SHAPE[judgement]}</svg>`;
}
