import type { ParseArgsConfig } from "node:util";

import type { ErrorCode } from "../../domain/error.ts";
import type { Verdict } from "../../domain/judgement/evaluation.ts";

/** CommandContext is what every command gets from outside: streams, current folder, environment, and the signal that interrupts it. */
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

/** Streams are where a command writes: results to `out`, progress and warnings to `err`. */
export interface Streams {
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WritableStream & { isTTY?: boolean };
}

/** EXIT_CODE lists every exit code of peakproof. No other file names an exit code by its number. */
export const EXIT_CODE = {
  pass: 0,
  fail: 1,
  usage: 2,
  inconclusive: 3,
  "cannot-measure": 4,
  bug: 70,
  interrupted: 130,
} as const satisfies Record<Verdict | ErrorCode | "bug", number>;

/** newRunId makes an id from UTC time and three random characters. The id is short because every record of a run contains it. */
export function newRunId(now: Date, random: () => number): string {
  const [date = "", time = ""] = now.toISOString().split("T");
  const chance = Math.floor(random() * 36 ** 3)
    .toString(36)
    .padStart(3, "0");
  return `${date.slice(2).replaceAll("-", "")}-${time.slice(0, 5).replace(":", "")}-${chance}`;
}
