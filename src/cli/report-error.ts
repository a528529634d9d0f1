import { HarnessError } from "../domain/error.ts";
import type { CommandContext, ParsedArguments } from "./command.ts";
import { lineInConfig } from "./config/line-of.ts";
import { EXIT_CODE } from "./exit-code.ts";
import { locateProject } from "./project.ts";

/** reportError tells people what went wrong, and returns the exit code that it stands for. */
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

/** What is wrong with the config may show only when it meets a bundle; it is in the config all the same. */
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
