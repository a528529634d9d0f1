import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

import type { Evaluation } from "../../domain/judgement/evaluation.ts";
import { type Format, FORMATS, render } from "../../report/render.ts";
import { type ParsedArguments, type Streams, text } from "../terminal/command.ts";
import { unknownWord } from "../terminal/words.ts";

export const FORMAT_OPTIONS = { format: { type: "string" }, json: { type: "boolean" } } as const;

/** readFormat reads --format. --json is short for --format json. */
export function readFormat(parsed: ParsedArguments): Format {
  const word = parsed.values["json"] === true ? "json" : (text(parsed, "format") ?? "text");
  const format = FORMATS.find((known) => known === word);
  if (format === undefined) throw unknownWord("format", word, FORMATS);
  return format;
}

/** writeRendered prints the verdict in the requested format. */
export function writeRendered(
  evaluation: Evaluation,
  options: { format: Format; reportPath: string | null; streams: Pick<Streams, "out"> },
): void {
  const { out } = options.streams;
  const colour = "isTTY" in out && out.isTTY === true && process.env["NO_COLOR"] === undefined;
  const result = render(evaluation, options.format, { colour, reportPath: options.reportPath });
  out.write(result.endsWith("\n") ? result : `${result}\n`);
}

const FILES: Readonly<Record<string, Format>> = {
  "verdict.json": "json",
  "report.html": "html",
  "report.md": "markdown",
  "junit.xml": "junit",
};

/** writeReports writes every rendering of a verdict into a folder and returns the path of the page, relative to `cwd`. */
export function writeReports(evaluation: Evaluation, folder: string, cwd: string): string {
  mkdirSync(folder, { recursive: true });
  const page = relative(cwd, join(folder, "report.html"));
  for (const [file, format] of Object.entries(FILES)) {
    writeFileSync(join(folder, file), render(evaluation, format, { colour: false, reportPath: page }));
  }
  return page;
}
