import type { Evaluation } from "../domain/judgement/evaluation.ts";
import { renderEffects } from "./html-effects.ts";
import { renderEvidence } from "./html-evidence.ts";
import { renderServices } from "./html-services.ts";
import { PAGE_STYLE } from "./html-style.ts";
import { renderTimelines } from "./html-timelines.ts";
import { renderVerdict } from "./html-verdict.ts";
import { renderWhy } from "./html-why.ts";
import { markup } from "./markup.ts";
import { describeReleases, VERDICT_WORD } from "./verdict-words.ts";

const SECTIONS = ["services", "effects", "timelines", "why", "evidence"] as const;

/**
 * renderHtml gives one page that needs nothing else: no network (its own policy forbids it), no script, no font. It reads on
 * paper, in the dark and on a telephone.
 */
export function renderHtml(evaluation: Evaluation): string {
  const title = `${VERDICT_WORD[evaluation.verdict]}: ${describeReleases(evaluation)}`;
  const links = SECTIONS.map((id) => markup`<a href="#${id}">${NAMES[id]}</a>`);
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="generator" content="peakproof">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${{ markup: PAGE_STYLE }}</style>
</head>
<body>
<svg width="0" height="0" class="patterns" aria-hidden="true"><defs>
<pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect width="7" height="7" class="hatch-ground"/><line x1="0" x2="0" y1="0" y2="7" class="hatch-line"/></pattern></defs></svg>
<header class="top"><a class="name" href="#verdict">peakproof</a><nav aria-label="Sections">${links}</nav></header>
<main>
${renderVerdict(evaluation)}
${renderServices(evaluation)}
${renderEffects(evaluation)}
${renderTimelines(evaluation)}
${renderWhy(evaluation)}
${renderEvidence(evaluation)}
</main>
<footer><p>Load started ${evaluation.load.startedAt}. Every figure here stands in the JSON verdict of the same runs.</p></footer>
</body>
</html>
`;
  return page.markup;
}

const NAMES: Readonly<Record<(typeof SECTIONS)[number], string>> = {
  services: "Services",
  effects: "Effects",
  timelines: "Time lines",
  why: "Why",
  evidence: "Evidence",
};
