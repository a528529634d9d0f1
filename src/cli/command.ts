import type { ParseArgsConfig } from "node:util";
import type { Streams } from "./streams.ts";

/** CommandContext is what every command gets from outside: streams, the folder it was called in, and the signal that ends it. */
export interface CommandContext {
  readonly streams: Streams;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

export interface ParsedArguments {
  readonly values: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;
  readonly positionals: readonly string[];
}

/** Command is one word of the command line: its help, its options, and what it does. `run` returns an exit code. */
export interface Command {
  readonly help: string;
  readonly options: NonNullable<ParseArgsConfig["options"]>;
  run(parsed: ParsedArguments, context: CommandContext): Promise<number>;
}

/** text returns a string option, or undefined where it was not given. */
export function text(parsed: ParsedArguments, name: string): string | undefined {
  const value = parsed.values[name];
  return typeof value === "string" ? value : undefined;
}

/** texts returns an option that may be given several times. */
export function texts(parsed: ParsedArguments, name: string): readonly string[] {
  const value = parsed.values[name];
  if (Array.isArray(value)) return value.filter((item): item is string => typeof item === "string");
  return typeof value === "string" ? [value] : [];
}
