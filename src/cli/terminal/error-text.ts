import { readFileSync } from "node:fs";

import { type Document, LineCounter, parseDocument } from "yaml";

import { HarnessError } from "../../domain/error.ts";
import { type CommandContext, EXIT_CODE, type ParsedArguments } from "./command.ts";
import { locateProject } from "./project.ts";

/** reportError prints an error with its remedy and returns its exit code. */
export function reportError(error: unknown, context: CommandContext, parsed: ParsedArguments | null): number {
  const { err } = context.streams;
  const { signal } = context;
  if (signal.aborted && !(error instanceof HarnessError && error.code === "usage")) {
    err.write("interrupted\n");
    return EXIT_CODE.interrupted;
  }
  if (error instanceof HarnessError) {
    err.write(`error: ${placeOf(error, context, parsed)}${error.message}\n${indent(error.hint)}\n`);
    const { cause } = error;
    if (cause instanceof Error && cause.message !== "") err.write(`  (${cause.message.split("\n")[0] ?? ""})\n`);
    return EXIT_CODE[error.code];
  }
  err.write(`bug in peakproof: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return EXIT_CODE.bug;
}

/** placeOf names the line of the config that led to an error, also where the error shows only later, such as with a bundle. */
function placeOf({ place }: HarnessError, context: CommandContext, parsed: ParsedArguments | null): string {
  if (place === null || parsed === null) return "";
  const { configPath } = locateProject(parsed, context);
  const line = lineInConfig(configPath, place);
  return line === null ? "" : `${configPath}:${line}: `;
}

function indent(text: string): string {
  return text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}

/** lineInConfig finds the line of a place in the config file; null where the file cannot be read. */
function lineInConfig(configPath: string, place: readonly string[]): number | null {
  try {
    const lines = new LineCounter();
    return lineOf(parseDocument(readFileSync(configPath, "utf8"), { lineCounter: lines }), place, lines);
  } catch {
    return null;
  }
}

/** lineOf finds the line of the deepest part of the path that exists in the file: a missing key is reported at its parent. */
export function lineOf(document: Document, path: readonly PropertyKey[], lines: LineCounter): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent: unknown = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const position = keyPosition(parent, path[length - 1]);
    if (position !== null) return lines.linePos(position).line;
  }
  return 1;
}

function keyPosition(parent: unknown, key: PropertyKey | undefined): number | null {
  if (typeof parent !== "object" || parent === null || !("items" in parent) || !Array.isArray(parent.items)) return null;
  const items: readonly { key?: { value?: unknown; range?: readonly number[] }; range?: readonly number[] }[] = parent.items;
  const item = typeof key === "number" ? items[key] : items.find((candidate) => String(candidate.key?.value) === String(key));
  return item?.key?.range?.[0] ?? item?.range?.[0] ?? null;
}
