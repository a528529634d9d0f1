import type { Evaluation } from "../domain/judgement/evaluation.ts";
import { renderJson } from "./formats/json.ts";
import { renderJunit } from "./formats/junit.ts";
import { renderMarkdown } from "./formats/markdown.ts";
import { ansiStyler, plainStyler, renderText } from "./formats/text.ts";
import { renderHtml } from "./html/page.ts";

export const FORMATS = ["text", "json", "markdown", "html", "junit"] as const;

export type Format = (typeof FORMATS)[number];

export interface RenderOptions {
  /** Whether the stream shows colour; only text has any. */
  readonly colour: boolean;
  /** Where the page with the whole evidence was written, for formats that point to it. */
  readonly reportPath: string | null;
}

const RENDERERS: Readonly<Record<Format, (evaluation: Evaluation, options: RenderOptions) => string>> = {
  text: (evaluation, { colour, reportPath }) => renderText(evaluation, { style: colour ? ansiStyler : plainStyler, reportPath }),
  json: renderJson,
  markdown: renderMarkdown,
  html: renderHtml,
  junit: renderJunit,
};

/** render gives an evaluation in one of the formats; the same evaluation always gives the same bytes. */
export function render(evaluation: Evaluation, format: Format, options: RenderOptions): string {
  return RENDERERS[format](evaluation, options);
}
