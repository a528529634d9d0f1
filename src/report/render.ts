import type { Evaluation } from "../domain/judgement/evaluation.ts";
import { renderJson } from "./formats/json.ts";
import { renderJunit } from "./formats/junit.ts";
import { renderMarkdown } from "./formats/markdown.ts";
import { ansiStyler, plainStyler, renderText } from "./formats/text.ts";
import { renderHtml } from "./html/page.ts";

/** FORMATS are the names of the output formats. */
export const FORMATS = ["text", "json", "markdown", "html", "junit"] as const;

export type Format = (typeof FORMATS)[number];

/** RenderOptions are the settings of render. */
export interface RenderOptions {
  /** Adds ANSI colours to the text format. */
  readonly colour: boolean;
  /** Path of the HTML page, for the formats that link to it; null if none was written. */
  readonly reportPath: string | null;
}

const RENDERERS: Readonly<Record<Format, (evaluation: Evaluation, options: RenderOptions) => string>> = {
  text: (evaluation, { colour, reportPath }) => renderText(evaluation, { style: colour ? ansiStyler : plainStyler, reportPath }),
  json: renderJson,
  markdown: renderMarkdown,
  html: renderHtml,
  junit: renderJunit,
};

/** render renders an evaluation in one of the formats. The same evaluation always gives the same bytes. */
export function render(evaluation: Evaluation, format: Format, options: RenderOptions): string {
  return RENDERERS[format](evaluation, options);
}
